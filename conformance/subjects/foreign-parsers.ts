import { createRequire } from "node:module";
import { setImmediate } from "node:timers/promises";
import type { DispatchedEvent } from "@ssekit/codec";
import { createParser } from "eventsource-parser";
import type { Attachment } from "../src/attachment.ts";
import { parserCommand } from "../src/parser/command.ts";
import { attachParser, type ParserFactory } from "../src/parser/module-parser.ts";
import type { ParserSubject } from "../src/parser/parser-subject.ts";
import type { ForeignSubjects } from "./subject.ts";
import { versionOf } from "./version-of.ts";

const require = createRequire(import.meta.url);

/** Takes a string as eventsource-parser does, and keeps the last event ID over events, which it leaves to its user. */
const eventsourceParser: ParserFactory = (onEvent) => {
  const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  let lastEventId = "";
  let reconnectionTime: number | undefined;
  const parser = createParser({
    onEvent: ({ event, data, id }) => {
      lastEventId = id ?? lastEventId;
      onEvent({ type: event || "message", data, lastEventId });
    },
    onRetry: (milliseconds) => {
      reconnectionTime = milliseconds;
    },
  });
  return {
    push: (chunk) => parser.feed(decoder.decode(chunk, { stream: true })),
    end: () => parser.reset(),
    get reconnectionTime() {
      return reconnectionTime;
    },
  };
};

interface FetchEventSourceParser {
  getLines(onLine: unknown): (chunk: Uint8Array) => void;
  getMessages(
    onId: (id: string) => void,
    onRetry: (milliseconds: number) => void,
    onMessage: (message: { event: string; data: string }) => void,
  ): unknown;
}

const fetchEventSource: ParserFactory = (onEvent) => {
  const { getLines, getMessages } = require("@microsoft/fetch-event-source/lib/cjs/parse.js") as FetchEventSourceParser;
  let lastEventId = "";
  let reconnectionTime: number | undefined;
  const push = getLines(
    getMessages(
      (id) => {
        lastEventId = id;
      },
      (milliseconds) => {
        reconnectionTime = milliseconds;
      },
      ({ event, data }) => onEvent({ type: event || "message", data, lastEventId }),
    ),
  );
  return {
    push,
    end: () => {},
    get reconnectionTime() {
      return reconnectionTime;
    },
  };
};

interface UndiciStream {
  on(name: "data", listener: (event: { type: string; options: DispatchedEvent }) => void): void;
  on(name: "error", listener: (error: Error) => void): void;
  write(chunk: Uint8Array, done: () => void): void;
  end(done: () => void): void;
}

/** The transform behind undici's EventSource, which is that of Node. */
const undici: ParserFactory = (onEvent) => {
  const { EventSourceStream } = require("undici/lib/web/eventsource/eventsource-stream.js") as {
    EventSourceStream: new (options: object) => UndiciStream;
  };
  const state: { lastEventId: string; reconnectionTime?: number } = { lastEventId: "" };
  const stream = new EventSourceStream({ eventSourceSettings: state });
  let failure: Error | undefined;
  stream.on("data", ({ type, options: { data, lastEventId } }) =>
    onEvent({ type, data, lastEventId: lastEventId ?? "" }),
  );
  stream.on("error", (error) => {
    failure = error;
  });
  const settle = async (start: (done: () => void) => void): Promise<void> => {
    await new Promise<void>((resolve) => start(() => resolve()));
    await setImmediate();
    if (failure !== undefined) throw failure;
  };
  return {
    push: (chunk) => settle((done) => stream.write(Buffer.from(chunk), done)),
    end: () => settle((done) => stream.end(done)),
    get reconnectionTime() {
      return state.reconnectionTime;
    },
  };
};

export const foreignParsers: ForeignSubjects<ParserSubject> = {
  area: parserCommand,
  note: "Where a package leaves the decoding of bytes, or keeping the last event ID over events, to its user, the attachment does it as the standard says.",
  subjects: [
    attached("eventsource-parser", eventsourceParser),
    attached("undici", undici),
    attached("@microsoft/fetch-event-source", fetchEventSource),
  ],
};

function attached(name: string, factory: ParserFactory): { attach(): Promise<Attachment<ParserSubject>> } {
  return { attach: async () => attachParser(factory, { name, version: versionOf(name) }) };
}
