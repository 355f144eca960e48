/**
 * `EventSource` exactly by the standard, alone: the smallest entry.
 *
 * @module
 */
export type { Clock } from "./clock.ts";
export {
  DEFAULT_RECONNECTION_TIME,
  EventSource,
  type EventSourceHandler,
  type EventSourceInit,
  MAX_RECONNECTION_FLOOR,
  MIN_RECONNECTION_TIME,
} from "./event-source.ts";
