import { type EncodedEvent, encodeEvent, stringifyEvent } from "@ssekit/codec";
import { createHub, type EventSink } from "@ssekit/hub";
import type { Contender } from "../codec/measure.ts";
import { floors, type Parse, parseWithSsekit } from "../codec/parsers.ts";
import { workloads } from "../codec/workloads.ts";

/** Something whose cost must not grow unseen: ours, beside a floor that does the same with nothing but the bare work. */
export interface Guarded {
  readonly name: string;
  readonly ours: Contender;
  readonly floor: Contender;
  readonly events: number;
  /** How many times the floor's cost ours may be: some 1.6 times what it was when this was written. */
  readonly atMost: number;
}

/** Everything that is guarded. */
export function guarded(): Guarded[] {
  return [parsing("a", 2.4), parsing("c", 3.3), stringifying(2.7), broadcasting(14)];
}

/** So many chunks are enough for some ms. */
const CHUNKS = 20;

function parsing(workload: string, atMost: number): Guarded {
  const { chunks: all, title } = workloads.find(({ name }) => name === workload) as (typeof workloads)[number];
  const floor = floors[workload] as Parse;
  const chunks = all.slice(0, CHUNKS);
  let events = 0;
  floor(chunks, () => {
    events += 1;
  });
  const contender = (name: string, parse: Parse): Contender => ({
    name,
    run(): number {
      let count = 0;
      parse(chunks, () => {
        count += 1;
      });
      return count;
    },
  });
  return {
    name: `parse: ${title}`,
    ours: contender("ssekit", parseWithSsekit),
    floor: contender("floor", floor),
    events,
    atMost,
  };
}

function stringifying(atMost: number): Guarded {
  const events = Array.from({ length: 2000 }, (_, i) => ({
    event: "update",
    id: `${1_000_001 + i}`,
    data: `${i}`.padEnd(200, "."),
  }));
  const contender = (name: string, write: (event: (typeof events)[number]) => string): Contender => ({
    name,
    run: () => events.reduce((count, event) => count + (write(event).endsWith("\n") ? 1 : 0), 0),
  });
  return {
    name: "stringify: id, event and 200 bytes",
    ours: contender("ssekit", stringifyEvent),
    floor: contender("floor", ({ event, data, id }) => `event: ${event}\ndata: ${data}\nid: ${id}\n\n`),
    events: events.length,
    atMost,
  };
}

const READERS = 1000;
const EVENTS = 8;

/** A hub with readers that take all, beside a loop that writes each event to each of them. */
function broadcasting(atMost: number): Guarded {
  let bytes = 0;
  const take = (event: EncodedEvent): boolean => {
    bytes += event.length;
    return true;
  };
  const sinks = Array.from({ length: READERS }, () => new WritableSink(take));
  const hub = createHub();
  const subscribed = Promise.all(sinks.map((sink) => hub.subscribe(sink, "news")));
  const data = "x".repeat(200);
  return {
    name: `hub: ${EVENTS} events to ${READERS} readers, a turn each`,
    ours: {
      name: "ssekit",
      async run(): Promise<number> {
        await subscribed;
        bytes = 0;
        for (let event = 0; event < EVENTS; event += 1) {
          await hub.publish("news", { data });
          await new Promise((resolve) => setImmediate(resolve));
        }
        return bytes > EVENTS * READERS * data.length ? EVENTS : 0;
      },
    },
    floor: {
      name: "floor",
      async run(): Promise<number> {
        for (let event = 0; event < EVENTS; event += 1) {
          const encoded = encodeEvent({ data, id: `${event}` });
          for (const sink of sinks) sink.write(encoded);
          await new Promise((resolve) => setImmediate(resolve));
        }
        return EVENTS;
      },
    },
    events: EVENTS,
    atMost,
  };
}

/** A sink whose reader is never behind, and which does with bytes what it is given to do. */
class WritableSink implements EventSink {
  readonly lastEventId = undefined;
  readonly desiredSize = 65_536;
  readonly ready: Promise<void> = Promise.resolve();
  readonly write: (bytes: EncodedEvent) => boolean;

  constructor(write: (bytes: EncodedEvent) => boolean) {
    this.write = write;
  }

  close(): void {}
  onClose(): void {}
  onHeartbeat(): void {}
  hold(): void {}
  open(): void {}
  refuse(): void {}
}
