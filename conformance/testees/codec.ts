// Our parser as the command line attaches it: `ssekit-conformance parser --module testees/codec.ts#createParser`.
import { createParser as createCodecParser } from "@ssekit/codec";
import type { ParserFactory } from "../src/parser/module-parser.ts";

export const createParser: ParserFactory = (onEvent) => {
  let reconnectionTime: number | undefined;
  const parser = createCodecParser({
    onEvent,
    onReconnectionTime: (milliseconds) => {
      reconnectionTime = milliseconds;
    },
  });
  return {
    push: (chunk) => parser.feed(chunk),
    end: () => parser.end(),
    get reconnectionTime() {
      return reconnectionTime;
    },
  };
};
