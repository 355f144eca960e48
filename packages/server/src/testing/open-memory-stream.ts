import { createEventStream } from "../create-event-stream.ts";
import type { EventStream } from "../event-stream.ts";
import type { EventStreamInit } from "../event-stream-init.ts";
import type { RequestHead } from "../transport.ts";
import { MemoryTransport } from "./memory-transport.ts";
import { VirtualClock } from "./virtual-clock.ts";

/** Options of {@linkcode openMemoryStream}: the stream's own, and what it is opened on. */
export interface MemoryStreamInit extends Omit<EventStreamInit, "clock"> {
  /** The request. Default: a GET of `http://localhost/`. */
  request?: RequestHead;
  /** The reader's end. Default: a reader who takes all that comes. */
  transport?: MemoryTransport;
  /** A clock that several streams share. Default: one of its own. */
  clock?: VirtualClock;
}

/** A stream in memory, with both things that a test directs. */
export interface MemoryStream {
  /** The stream, to hand to the code under test. */
  stream: EventStream;
  /** Where it writes to, and the reader at the other end. */
  transport: MemoryTransport;
  /** The time that the stream lives by. */
  clock: VirtualClock;
}

/**
 * Opens an event stream in memory: the one that a server opens, save for the network and the time, which the test
 * directs. What is sent leaves at `clock.endTurn()`, the head with it.
 *
 * @throws {TypeError | RangeError} when an option of the stream is wrong.
 *
 * @example
 * ```ts
 * import { openMemoryStream } from "@ssekit/server/testing";
 *
 * const { stream, transport, clock } = openMemoryStream();
 * stream.send({ event: "greeting", data: { hello: "world" } });
 * clock.endTurn();
 * console.log(transport.events); // [{ type: "greeting", data: '{"hello":"world"}', lastEventId: "" }]
 *
 * transport.leave();
 * console.log(await stream.closed); // client
 * ```
 */
export function openMemoryStream(init: MemoryStreamInit = {}): MemoryStream {
  const {
    request = new Request("http://localhost/"),
    transport = new MemoryTransport(),
    clock = new VirtualClock(),
    ...options
  } = init;
  return { stream: createEventStream(request, transport, { ...options, clock }), transport, clock };
}
