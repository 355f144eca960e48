/**
 * The hub's log in a SQLite file.
 *
 * @module
 */
export {};
