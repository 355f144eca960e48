import { createParser, encodeEvent, resetLastEventId, type ServerSentEvent, stringifyEvent } from "@ssekit/codec";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { chunkLengths, chunksOf, hostileBytes, illegalEvent, legalEvent } from "./arbitraries.ts";
import { type ParserOutcome, parseByReference } from "./reference-parser.ts";

describe("parseByReference()", () => {
  it("strips one BOM alone (RULES A23)", () => {
    expect(parse("\ufeffdata: a\n\n")).toEqual([message("a")]);
    expect(parse("\ufeff\ufeffdata: a\n\n")).toEqual([]);
  });

  it("makes U+FFFD of bytes that are no UTF-8 (RULES A23)", () => {
    expect(parseByReference(Uint8Array.of(0x64, 0x61, 0x74, 0x61, 0x3a, 0xff, 0x0a, 0x0a))).toEqual([
      message("\ufffd"),
    ]);
  });

  it("ends lines at CRLF, LF and CR, and nowhere else (RULES A24)", () => {
    expect(parse("data: a\r\ndata: b\rdata: c\n\r\n")).toEqual([message("a\nb\nc")]);
    expect(parse("data: a\u2028b\u0085c\vd\fe\n\n")).toEqual([message("a\u2028b\u0085c\vd\fe")]);
  });

  it("discards what the end of the stream cuts off (RULES A26, A36)", () => {
    expect(parse("data: a\n")).toEqual([]);
    expect(parse("data: a\n\ndata: b\n\ndata: c")).toEqual([message("a"), message("b")]);
    expect(parse("id: 1\n")).toEqual([]);
  });

  it("tells comments, which end no block (RULES A27)", () => {
    expect(parse(":\n: a\n:  b\ndata: c\n: d\ndata: e\n\n")).toEqual([
      ...["", "a", " b", "d"].map((text) => ({ kind: "comment", text })),
      message("c\ne"),
    ]);
  });

  it("takes the value after the first colon, without one space (RULES A28, A29)", () => {
    expect(parse("data:a:b\ndata:  c\ndata:\td\ndata\n\n")).toEqual([message("a:b\n c\n\td\n")]);
  });

  it("compares names literally and ignores others (RULES A30, A34)", () => {
    expect(parse("Data: a\n data: b\ndata : c\nx: d\n\n")).toEqual([]);
  });

  it("takes the last event type, which an empty one resets (RULES A31, A40)", () => {
    expect(parse("event: a\nevent: b\ndata\n\ndata\n\nevent: c\nevent\ndata\n\n")).toEqual([
      message("", { type: "b" }),
      message(""),
      message(""),
    ]);
  });

  it("ignores an id with NUL (RULES A32)", () => {
    expect(parse("id: 1\nid: 2\0\ndata\n\n")).toEqual([lastEventId("1"), message("", { lastEventId: "1" })]);
  });

  it("sets the reconnection time at once, to digits alone (RULES A33)", () => {
    expect(parse("retry: 010\nretry: 1x\nretry:  1\nretry: -1\nretry:\nretry: ٣\n")).toEqual([
      { kind: "reconnection-time", milliseconds: 10 },
    ]);
  });

  it("keeps the last event ID, also without an event, until it is reset (RULES A35, A37, A39)", () => {
    expect(parse("id: 1\nevent: x\n\ndata: a\n\nid\n\ndata: b\n\n")).toEqual([
      lastEventId("1"),
      message("a", { lastEventId: "1" }),
      lastEventId(""),
      message("b"),
    ]);
  });

  it("removes exactly one trailing LF (RULES A38)", () => {
    expect(parse("data\n\ndata\ndata\n\n")).toEqual([message(""), message("\n")]);
  });

  describe("properties", () => {
    it("takes any bytes", () => {
      fc.assert(fc.property(fc.uint8Array({ size: "+1" }), (bytes) => Array.isArray(parseByReference(bytes))));
    });
  });
});

describe("createParser()", () => {
  describe("properties", () => {
    it("agrees with the reference on hostile bytes in any chunks", () => {
      fc.assert(
        fc.property(hostileBytes(), chunkLengths(), (bytes, lengths) => {
          expect(outcomesOf(chunksOf(bytes, lengths))).toEqual(parseByReference(bytes));
        }),
      );
    });

    it("agrees with the reference on the same stream as strings in any chunks", () => {
      const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
      fc.assert(
        fc.property(hostileBytes(), chunkLengths(), (bytes, lengths) => {
          expect(outcomesOf(chunksOf(decoder.decode(bytes), lengths))).toEqual(parseByReference(bytes));
        }),
      );
    });

    it("agrees with the reference on any bytes", () => {
      fc.assert(
        fc.property(fc.uint8Array({ size: "+1" }), chunkLengths(), (bytes, lengths) => {
          expect(outcomesOf(chunksOf(bytes, lengths))).toEqual(parseByReference(bytes));
        }),
      );
    });
  });
});

describe("encodeEvent()", () => {
  describe("properties", () => {
    it("writes what the reference and the parser read back, block after block", () => {
      fc.assert(
        fc.property(fc.array(legalEvent()), chunkLengths(), (events, lengths) => {
          const bytes = Uint8Array.from(events.flatMap((event) => [...encodeEvent(event)]));
          const outcomes = outcomesMeantBy(events);
          expect(parseByReference(bytes)).toEqual(outcomes);
          expect(outcomesOf(chunksOf(bytes, lengths))).toEqual(outcomes);
        }),
      );
    });

    it("refuses what is no legal event, as stringifyEvent() does", () => {
      fc.assert(
        fc.property(illegalEvent(), (event) => {
          expect(() => encodeEvent(event as ServerSentEvent)).toThrow(/^Cannot encode/);
          expect(() => stringifyEvent(event as ServerSentEvent)).toThrow(/^Cannot encode/);
        }),
      );
    });
  });
});

function parse(text: string): ParserOutcome[] {
  return parseByReference(new TextEncoder().encode(text));
}

function message(data: string, { type = "message", lastEventId = "" } = {}): ParserOutcome {
  return { kind: "event", event: { type, data, lastEventId } };
}

function lastEventId(id: string): ParserOutcome {
  return { kind: "last-event-id", lastEventId: id };
}

/** What the codec's parser tells of a stream. */
function outcomesOf(chunks: readonly (Uint8Array | string)[]): ParserOutcome[] {
  const outcomes: ParserOutcome[] = [];
  const parser = createParser({
    onEvent: (event) => outcomes.push({ kind: "event", event }),
    onComment: (text) => outcomes.push({ kind: "comment", text }),
    onReconnectionTime: (milliseconds) => outcomes.push({ kind: "reconnection-time", milliseconds }),
    onLastEventId: (id) => outcomes.push(lastEventId(id)),
  });
  for (const chunk of chunks) parser.feed(chunk);
  parser.end();
  return outcomes;
}

/** What a reader shall notice of these events, in the order of the fields of a block. */
function outcomesMeantBy(events: readonly ServerSentEvent[]): ParserOutcome[] {
  const outcomes: ParserOutcome[] = [];
  let currentId = "";
  for (const { event, data, id, retry, comment } of events) {
    if (comment !== undefined) {
      for (const text of asRead(comment).split("\n")) outcomes.push({ kind: "comment", text });
    }
    if (retry !== undefined) outcomes.push({ kind: "reconnection-time", milliseconds: retry });
    if (id !== undefined) {
      const next = id === resetLastEventId ? "" : asRead(id);
      if (next !== currentId) outcomes.push(lastEventId(next));
      currentId = next;
    }
    if (data !== undefined) {
      outcomes.push(message(asRead(data), { type: asRead(event ?? "message"), lastEventId: currentId }));
    }
  }
  return outcomes;
}

/** Text as it arrives: line ends as LF, lone surrogates as U+FFFD. */
function asRead(text: string): string {
  return new TextDecoder("utf-8", { ignoreBOM: true })
    .decode(new TextEncoder().encode(text))
    .replaceAll(/\r\n?/g, "\n");
}
