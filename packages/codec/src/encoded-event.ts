declare const encoded: unique symbol;

/**
 * Bytes of whole blocks of an event stream. Only the codec makes them, so that what takes an `EncodedEvent` can't be
 * handed forged text. They are shared by all readers: never write into them.
 */
export type EncodedEvent = ReturnType<TextEncoder["encode"]> & {
  /** Says to the compiler alone that the codec made these bytes. */
  readonly [encoded]: true;
};
