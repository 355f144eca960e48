/**
 * Bytes of whole blocks of an event stream. Only the codec makes them, so that what takes an `EncodedEvent` can't be
 * handed forged text. They are shared by all readers: never write into them.
 */
export type EncodedEvent = ReturnType<TextEncoder["encode"]> & {
  /** For the compiler alone, no such property exists; a name and no symbol, so that npm's and JSR's types agree. */
  readonly "~encoded": true;
};
