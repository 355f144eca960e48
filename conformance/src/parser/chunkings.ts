/** One way to cut a stream into chunks. */
export interface Chunking {
  /** As it stands behind `@chunk=` in messages. */
  readonly name: string;
  readonly chunks: readonly Uint8Array[];
}

/**
 * The ways in which each case is cut: whole, in pieces of one, two, three and seven bytes, at each single position, and
 * whole with empty chunks around it.
 */
export function* chunkingsOf(bytes: Uint8Array): Generator<Chunking> {
  yield { name: "whole", chunks: [bytes] };
  for (const size of [1, 2, 3, 7]) yield { name: `${size}-byte`, chunks: inPieces(bytes, size) };
  for (let at = 1; at < bytes.length && at <= MAX_CUTS; at++) {
    yield { name: `cut-at-${at}`, chunks: [bytes.subarray(0, at), bytes.subarray(at)] };
  }
  const empty = new Uint8Array();
  yield { name: "empty-between", chunks: inPieces(bytes, 1).flatMap((byte) => [empty, byte, empty]) };
}

/** The positions at which a long stream is cut in two: its first ones. */
const MAX_CUTS = 160;

function inPieces(bytes: Uint8Array, size: number): Uint8Array[] {
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < bytes.length; at += size) pieces.push(bytes.subarray(at, at + size));
  return pieces;
}
