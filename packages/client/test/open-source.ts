import { type Script, ScriptedServer } from "testing";
import { EventSource } from "../src/event-source.ts";
import { HandClock } from "./hand-clock.ts";
import { opened } from "./opened.ts";
import { eventStream, short as shortStream } from "./scripts.ts";

/** A stream that ends, and asks to come back soon. */
export const short = (text: string): Script => shortStream(`retry: 50\n\n${text}`);

/** One on a clock that the test moves, whose streams have the same text and then end, save where `next` does it. */
export function served(text: string): {
  source: EventSource;
  clock: HandClock;
  asked(): number;
  next(start: (body: ReadableStreamDefaultController<Uint8Array>) => void): void;
} {
  const clock = new HandClock();
  let asked = 0;
  let start: ((body: ReadableStreamDefaultController<Uint8Array>) => void) | undefined;
  const fetch = async (): Promise<Response> => {
    asked++;
    return eventStream(start === undefined ? text : new ReadableStream<Uint8Array>({ start }));
  };
  const source = new EventSource("http://127.0.0.1/", { clock, fetch });
  opened.push(source);
  return {
    source,
    clock,
    asked: () => asked,
    next(given) {
      start = given;
    },
  };
}

export interface Log {
  readonly lines: string[];
  readonly all: MessageEvent[];
  readonly last: MessageEvent;
  until(line: string): Promise<void>;
}

export async function open(
  path: string,
  ...scripts: Script[]
): Promise<{ source: EventSource; server: ScriptedServer; log: Log }> {
  const server = await ScriptedServer.start(...scripts);
  const source = new EventSource(server.origin + path);
  opened.push(source, server);
  return { source, server, log: logOf(source) };
}

/** What a source fires, each with its data, or with the state it is fired in. */
export function logOf(source: EventSource): Log {
  const lines: string[] = [];
  const all: MessageEvent[] = [];
  let heard = (): void => {};
  for (const type of ["open", "message", "error", "other"]) {
    source.addEventListener(type, (event) => {
      lines.push(`${type} ${event instanceof MessageEvent ? event.data : source.readyState}`);
      all.push(event as MessageEvent);
      queueMicrotask(() => heard());
    });
  }
  return {
    lines,
    all,
    get last() {
      return all.at(-1) as MessageEvent;
    },
    async until(line) {
      while (!lines.includes(line)) {
        await new Promise<void>((resolve) => {
          heard = resolve;
        });
      }
    },
  };
}
