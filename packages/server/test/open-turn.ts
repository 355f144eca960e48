import { createEventStream } from "../src/create-event-stream.ts";
import type { EventStream } from "../src/event-stream.ts";
import type { EventStreamInit } from "../src/event-stream-init.ts";
import { VirtualClock } from "../src/testing/virtual-clock.ts";
import { MemoryTransport } from "./memory-transport.ts";

/** The first bytes of a stream. */
export const FIRST = ": \n\n";

/** A stream, and what it stands on. */
export interface Fixture {
  stream: EventStream;
  transport: MemoryTransport;
  clock: VirtualClock;
  errors: unknown[];
}

/** A stream in the turn that opened it. */
export function openTurn(
  init: EventStreamInit = {},
  request: Request = new Request("http://localhost/"),
  transport: MemoryTransport = new MemoryTransport(),
): Fixture {
  const clock = new VirtualClock();
  const errors: unknown[] = [];
  const stream = createEventStream(request, transport, { clock, onError: (error) => errors.push(error), ...init });
  return { stream, transport, clock, errors };
}

/** A stream whose head has left. */
export function opened(init?: EventStreamInit): Fixture {
  const fixture = openTurn(init);
  fixture.clock.endTurn();
  return fixture;
}

/** What is settled by now. */
export async function state(promise: Promise<unknown>): Promise<unknown> {
  return Promise.race([promise, Promise.resolve("pending")]);
}
