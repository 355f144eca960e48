import { createParser } from "@ssekit/codec";
import { attachParser, type ParserFactory } from "../../src/parser/module-parser.ts";
import type { ParserSubject } from "../../src/parser/parser-subject.ts";
import type { CorrectSubject } from "../mutant.ts";
import { PlainParser } from "./plain-parser.ts";

/** Parsers that are right, in ways that a suite may take for wrong. */
export const correctParsers: readonly CorrectSubject<ParserSubject>[] = [
  correct("plain", "it is the parser that every mutant breaks", (onEvent) => new PlainParser(onEvent)),
  correct("codec", "it is ours", (onEvent) => {
    const parser = createParser({
      onEvent,
      onReconnectionTime: (milliseconds) => {
        attached.reconnectionTime = milliseconds;
      },
    });
    const attached: { reconnectionTime: number | undefined } & ReturnType<ParserFactory> = {
      push: (chunk) => parser.feed(chunk),
      end: () => parser.end(),
      reconnectionTime: undefined,
    };
    return attached;
  }),
  correct("late", "after a CR it waits for the next byte, or for the end", (onEvent) => new LateParser(onEvent)),
  correct("asynchronous", "its push() is a promise", (onEvent) => {
    const parser = new PlainParser(onEvent);
    return {
      push: async (chunk) => {
        await undefined;
        parser.push(chunk);
      },
      end: async () => parser.end(),
    };
  }),
  correct("frozen", "its events are frozen, and have more members than are asked for", (onEvent) => {
    return new PlainParser((event) => onEvent(Object.freeze({ ...event, origin: "http://127.0.0.1", raw: "" })));
  }),
  correct("silent", "it doesn't tell the reconnection time", (onEvent) => {
    const parser = new PlainParser(onEvent);
    return { push: (chunk) => parser.push(chunk), end: () => parser.end() };
  }),
  correct("byte-by-byte", "it takes short chunks byte by byte, with empty ones between them", (onEvent) => {
    const parser = new PlainParser(onEvent);
    return {
      push: (chunk) => {
        if (chunk.length > 512) return parser.push(chunk);
        for (const byte of chunk) {
          parser.push(Uint8Array.of(byte));
          parser.push(new Uint8Array());
        }
      },
      end: () => parser.end(),
    };
  }),
];

/** Holds back a CR, as a parser may that wants to see what follows it. */
class LateParser extends PlainParser {
  #held = "";

  override text(text: string): void {
    const all = this.#held + text;
    this.#held = all.endsWith("\r") ? "\r" : "";
    super.text(this.#held === "" ? all : all.slice(0, -1));
  }

  override end(): void {
    super.text(this.#held);
    super.end();
  }
}

function correct(name: string, oddity: string, createParser: ParserFactory): CorrectSubject<ParserSubject> {
  return { name, oddity, attach: () => attachParser(createParser, { name }) };
}
