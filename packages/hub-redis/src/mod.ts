/**
 * The hub's log in Redis or Valkey Streams.
 *
 * @module
 */
export {};
