import { type EncodedEvent, encodeEvent, stringifyEvent } from "@ssekit/codec";
import { createHub, type EventSink } from "@ssekit/hub";
import { createEventStream, type Transport } from "@ssekit/server";
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
  return [parsing("a", 1.8), parsing("c", 2.7), stringifying(2.7), encoding(1.8), writing(7), broadcasting(12)];
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

const updates = Array.from({ length: 2000 }, (_, i) => ({
  event: "update",
  id: `${1_000_001 + i}`,
  data: `${i}`.padEnd(200, "."),
}));
type Update = (typeof updates)[number];

function template({ event, data, id }: Update): string {
  return `event: ${event}\ndata: ${data}\nid: ${id}\n\n`;
}

function stringifying(atMost: number): Guarded {
  const contender = (name: string, write: (event: Update) => string): Contender => ({
    name,
    run: () => updates.reduce((count, event) => count + (write(event).endsWith("\n") ? 1 : 0), 0),
  });
  return {
    name: "stringify: id, event and 200 bytes",
    ours: contender("ssekit", stringifyEvent),
    floor: contender("floor", template),
    events: updates.length,
    atMost,
  };
}

function encoding(atMost: number): Guarded {
  const encoder = new TextEncoder();
  const contender = (name: string, write: (event: Update) => Uint8Array): Contender => ({
    name,
    run: () => updates.reduce((count, event) => count + (write(event).at(-1) === 0x0a ? 1 : 0), 0),
  });
  return {
    name: "encode: id, event and 200 bytes",
    ours: contender("ssekit", encodeEvent),
    floor: contender("floor", (event) => encoder.encode(template(event))),
    events: updates.length,
    atMost,
  };
}

const READERS = 1000;
const EVENTS = 8;
const data = "x".repeat(200);

/** Streams of a server over transports that take all, beside a loop that writes each event to each transport. */
function writing(atMost: number): Guarded {
  let bytes = 0;
  const write = (event: Uint8Array): void => {
    bytes += event.length;
  };
  const transports = Array.from({ length: READERS }, () => new TakingTransport(write));
  const request = new Request("http://localhost/");
  const streams = transports.map((transport) => createEventStream(request, transport, { heartbeat: false }));
  const contender = (name: string, writers: readonly { write(event: EncodedEvent): unknown }[]): Contender => ({
    name,
    async run(): Promise<number> {
      bytes = 0;
      for (let event = 0; event < EVENTS; event += 1) {
        const encoded = encodeEvent({ data, id: `${event}` });
        for (const writer of writers) writer.write(encoded);
        await new Promise((resolve) => setImmediate(resolve));
      }
      return bytes >= EVENTS * READERS * data.length ? EVENTS : 0;
    },
  });
  return {
    name: `streams: ${EVENTS} events to ${READERS} of them, a turn each`,
    ours: contender("ssekit", streams),
    floor: contender("floor", transports),
    events: EVENTS,
    atMost,
  };
}

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

/** A response whose reader is never behind, and which does with bytes what it is given to do. */
class TakingTransport implements Transport {
  readonly bufferedBytes = 0;
  readonly highWaterMark = 65_536;
  readonly write: (bytes: Uint8Array) => void;

  constructor(write: (bytes: Uint8Array) => void) {
    this.write = write;
  }

  observe(): void {}
  answer(): void {}
  open(): void {}
  end(): void {}
  abort(): void {}
}
