/** How many of the bytes came from the given index of their text on, before which a line ends. */
export function bytesFrom(bytes: Uint8Array, text: string, from: number): number {
  // Line ends are single bytes, the same in bytes and text, whatever was decoded between them.
  let at = bytes.length;
  for (let i = text.length - 1; i >= from - 1; i--) {
    if (isLineEnd(text.charCodeAt(i)))
      do at--;
      while (!isLineEnd(bytes[at] as number));
  }
  return bytes.length - 1 - at;
}

/** Whether it is the code of CR or LF. */
export function isLineEnd(code: number): boolean {
  return code === 0x0a || code === 0x0d;
}
