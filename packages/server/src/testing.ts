/**
 * What it takes to test code that sends events, with any test framework and without a network: a stream in memory whose
 * reader and time the test directs, and a function that reads events from a response or a URL.
 *
 * @example
 * ```ts
 * import { openMemoryStream } from "@ssekit/server/testing";
 *
 * const { stream, transport, clock } = openMemoryStream({ heartbeat: 15_000 });
 * stream.send({ data: "Hello" });
 * clock.advance(15_000);
 * console.log(transport.events.length, transport.writes.length); // 1 2: an event, then a heartbeat
 * ```
 *
 * @module
 */
export { MemoryTransport, type MemoryTransportOptions } from "./testing/memory-transport.ts";
export { type MemoryStream, type MemoryStreamInit, openMemoryStream } from "./testing/open-memory-stream.ts";
export { DEFAULT_READ_TIMEOUT, type ReadEventsOptions, readEvents } from "./testing/read-events.ts";
export { VirtualClock } from "./testing/virtual-clock.ts";
