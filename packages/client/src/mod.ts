/**
 * Clients of event streams: `EventSource` to the letter of the standard, and `EventSourceClient` that survives the real
 * world. Both stand on one connection engine, on `fetch`; Node ≥ 22.13, Bun, Deno and browsers.
 *
 * @example
 * ```ts
 * import { EventSourceClient } from "@ssekit/client";
 *
 * const client = new EventSourceClient("http://localhost:8080/events", { headers: { authorization: "Bearer 1" } });
 * for await (const { type, data } of client) console.log(type, data);
 * ```
 *
 * @module
 */
export {
  type Attempt,
  type ClientEvent,
  type ClientGap,
  DEFAULT_IDLE_TIMEOUT,
  type EventSourceClientOptions,
  type EventTypes,
  type LastEventIdStore,
  type ResumeRequest,
} from "./client-options.ts";
export type { ClientCloseReason, ClientState } from "./client-state.ts";
export type { Clock } from "./clock.ts";
export type { Disconnection } from "./connection.ts";
export {
  DEFAULT_RECONNECTION_TIME,
  EventSource,
  type EventSourceHandler,
  type EventSourceInit,
  MAX_RECONNECTION_FLOOR,
  MIN_RECONNECTION_TIME,
} from "./event-source.ts";
export { EventSourceClient } from "./event-source-client.ts";
export {
  DEFAULT_RETRY_CEILING,
  DEFAULT_RETRY_FLOOR,
  DEFAULT_RETRY_RESET_AFTER,
  DEFAULT_RETRY_SPREAD,
  isFinal,
  type RetryPolicy,
} from "./retry-policy.ts";
