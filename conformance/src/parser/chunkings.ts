/** One way to cut a stream into chunks. */
export interface Chunking {
  /** As it stands behind `@chunk=` in messages. */
  readonly name: string;
  readonly chunks: readonly Uint8Array[];
}

/** Streams up to this length are cut at each single position, and into single bytes. */
const SHORT = 256;

/**
 * The ways in which each case is cut: whole, in pieces of 1, 2, 3 and 7 bytes, at each single position, and with empty
 * chunks between single bytes; a long stream whole, in the middle, and in pieces of 1 and 64 KiB.
 */
export function* chunkingsOf(bytes: Uint8Array): Generator<Chunking> {
  yield { name: "whole", chunks: [bytes] };
  if (bytes.length > LONG) {
    yield cutAt(bytes, bytes.length >> 1);
    for (const size of [1024, 65_536]) yield { name: `${size}-byte`, chunks: inPieces(bytes, size) };
    return;
  }
  for (const size of [1, 2, 3, 7]) yield { name: `${size}-byte`, chunks: inPieces(bytes, size) };
  for (let at = 1; at < bytes.length && at < SHORT; at++) yield cutAt(bytes, at);
  const empty = new Uint8Array();
  yield { name: "empty-between", chunks: inPieces(bytes, 1).flatMap((byte) => [empty, byte, empty]) };
}

/** Streams over this length are cut in few ways. */
const LONG = 8192;

function cutAt(bytes: Uint8Array, at: number): Chunking {
  return { name: `cut-at-${at}`, chunks: [bytes.subarray(0, at), bytes.subarray(at)] };
}

function inPieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}
