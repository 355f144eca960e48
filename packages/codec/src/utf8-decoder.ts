const NOTHING = new Uint8Array(0);

// Stateless, so all share it: a decoder that streams leaves the fast path of some runtimes for good.
const utf8 = new TextDecoder("utf-8", { ignoreBOM: true });

/**
 * Decodes UTF-8 chunk by chunk, to the text that a `TextDecoder` gives with `stream` and `ignoreBOM` set: a character
 * that is cut comes with the chunk that ends it, and bad bytes become U+FFFD.
 */
export class Utf8Decoder {
  // At most three bytes: the beginning of a character that the last chunk cut.
  #held: Uint8Array = NOTHING;

  /** Decodes the next chunk. */
  decode(chunk: Uint8Array): string {
    let bytes = chunk;
    if (this.#held.length > 0) {
      bytes = new Uint8Array(this.#held.length + chunk.length);
      bytes.set(this.#held);
      bytes.set(chunk, this.#held.length);
      this.#held = NOTHING;
    }
    const end = endOfWholeCharacters(bytes);
    if (end < bytes.length) {
      this.#held = bytes.slice(end);
      bytes = bytes.subarray(0, end);
    }
    // A TextDecoder call costs far more than one character: streams that come byte by byte gain 5 times.
    const first = bytes[0] as number;
    return bytes.length === 1 && first < 0x80 ? String.fromCharCode(first) : utf8.decode(bytes);
  }

  /** Gives the text of what is held, as at the end of the stream. */
  flush(): string {
    const text = this.#held.length > 0 ? utf8.decode(this.#held) : "";
    this.#held = NOTHING;
    return text;
  }
}

/** Where a character begins that the end of the bytes cuts, else their length. */
function endOfWholeCharacters(bytes: Uint8Array): number {
  const length = bytes.length;
  for (let i = length - 1; i >= 0 && i >= length - 3; i--) {
    const byte = bytes[i] as number;
    if (byte < 0x80) break;
    if (byte >= 0xc0) {
      const needed = byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2;
      return i + needed > length ? i : length;
    }
  }
  return length;
}
