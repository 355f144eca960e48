/**
 * Installs `EventSource` as the global of that name, where the runtime has none.
 *
 * @example
 * ```ts
 * import "@ssekit/client/polyfill";
 * ```
 *
 * @module
 */
import { EventSource } from "./event-source.ts";

if (!("EventSource" in globalThis)) {
  // As an interface of the platform is: writable, configurable, not enumerable.
  Object.defineProperty(globalThis, "EventSource", { value: EventSource, writable: true, configurable: true });
}
