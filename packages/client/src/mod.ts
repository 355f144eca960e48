/**
 * Clients of event streams.
 *
 * @module
 */
export {};
