/**
 * `EventSource` exactly by the standard, alone: the smallest entry.
 *
 * @module
 */
export type { Clock } from "./clock.ts";
export { EventSource, type EventSourceHandler, type EventSourceInit } from "./event-source.ts";
