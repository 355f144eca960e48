import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { EventParser, ParserCallbacks, ParserOptions } from "./event-parser.ts";
import { EventStreamError } from "./event-stream-error.ts";
import { createParser } from "./parser.ts";

type Chunk = Uint8Array | string;
/** What the callbacks were given, in order, as `name:value`. */
type Call = string;

describe("createParser", () => {
  const rules: [rule: string, stream: Chunk, calls: Call[]][] = [
    ["RULES A23: one leading BOM is removed", "\uFEFFdata: 1\n\n", ["event:message|1|"]],
    ["RULES A23: a second BOM is text, so the first field is unknown", "\uFEFF\uFEFFdata: 1\n\n", []],
    ["RULES A23: a BOM later in the stream is text", "data: 1\n\n\uFEFFdata: 2\n\n", ["event:message|1|"]],
    ["RULES A23: bytes are UTF-8", utf8("data: größe 世界 🎉\n\n"), ["event:message|größe 世界 🎉|"]],
    ["RULES A23: a bad byte becomes U+FFFD", bytes("data: a", 0xff, "b\n\n"), ["event:message|a\uFFFDb|"]],
    ["RULES A23: a line end breaks a character", bytes("data: ", 0xe4, 0xb8, "\n\n"), ["event:message|\uFFFD|"]],
    ["RULES A24: LF ends a line", "data: 1\ndata: 2\n\n", ["event:message|1\n2|"]],
    ["RULES A24: CR ends a line", "data: 1\rdata: 2\r\r", ["event:message|1\n2|"]],
    ["RULES A24: CRLF ends a line", "data: 1\r\ndata: 2\r\n\r\n", ["event:message|1\n2|"]],
    ["RULES A24: line ends may be mixed", "data: 1\rdata: 2\ndata: 3\r\n\n", ["event:message|1\n2\n3|"]],
    ["RULES A24: a CR alone ends a line among those that LF ends", "data: 1\rdata: 2\n\n", ["event:message|1\n2|"]],
    ["RULES A24: LF CR is two line ends", "data: 1\n\rdata: 2\n\r", ["event:message|1|", "event:message|2|"]],
    [
      "RULES A24: other separators end no line",
      "data: \u2028\u2029\u0085\v\f\n\n",
      ["event:message|\u2028\u2029\u0085\v\f|"],
    ],
    ["RULES A25: the buffers begin empty", "\n", []],
    ["RULES A26: an unfinished line is discarded", "data: 1\n\ndata: 2", ["event:message|1|"]],
    ["RULES A26: an undispatched block is discarded", "data: 1\n\ndata: 2\n", ["event:message|1|"]],
    ["RULES A27: a blank line dispatches", "data\n\n", ["event:message||"]],
    [
      "RULES A27: a colon begins a comment",
      ": 1\n:2\n:\n:  3\n\n",
      ["comment:1", "comment:2", "comment:", "comment: 3"],
    ],
    ["RULES A28: the value follows the first colon", "data:a:b\n\n", ["event:message|a:b|"]],
    ["RULES A28: one leading space is removed", "data:1\ndata: 2\ndata:  3\n\n", ["event:message|1\n2\n 3|"]],
    ["RULES A28: a leading tab is kept", "data:\t1\n\n", ["event:message|\t1|"]],
    ["RULES A29: a line without a colon is a name", "data\nevent\nid\nretry\n\n", ["event:message||"]],
    ["RULES A30: names are not folded", "Data: 1\nDATA: 2\n\n", []],
    ["RULES A30: names are not trimmed", " data: 1\ndata : 2\n\n", []],
    ["RULES A31: event sets the type", "event: a\nevent: b\ndata: 1\n\n", ["event:b|1|"]],
    ["RULES A31: an empty event resets the type", "event: a\nevent\ndata: 1\n\n", ["event:message|1|"]],
    ["RULES A31: data appends the value and LF", "data: 1\ndata\ndata: 3\n\n", ["event:message|1\n\n3|"]],
    ["RULES A32: id sets the last event ID", "id: 1\ndata: 2\n\n", ["id:1", "event:message|2|1"]],
    [
      "RULES A32: an empty id resets it",
      "id: 1\ndata: 2\n\nid\ndata: 3\n\n",
      ["id:1", "event:message|2|1", "id:", "event:message|3|"],
    ],
    ["RULES A32: an id with NUL is ignored", "id: 1\nid: 2\0\ndata: 3\n\n", ["id:1", "event:message|3|1"]],
    [
      "RULES A32: a NUL of another line is none of the id's",
      "id: \0\nid: 1\ndata: \0\n\n",
      ["id:1", "event:message|\0|1"],
    ],
    ["RULES A33: retry needs no blank line", "retry: 10\nretry: 007\n", ["retry:10", "retry:7"]],
    ["RULES A33: other values of retry are ignored", "retry\nretry: 1.5\nretry: -1\nretry: 1 \nretry: ١\nretry:\n", []],
    ["RULES A34: other fields are ignored", "dat: 1\ndatas: 2\ndata: 3\nx\n\n", ["event:message|3|"]],
    ["RULES A35: the id changes also when no event follows", "id: 1\n\n", ["id:1"]],
    ["RULES A35: the id buffer is not reset", "id: 1\n\ndata: 2\n\nid: 1\n\n", ["id:1", "event:message|2|1"]],
    ["RULES A36: an id without a blank line is not committed", "id: 1\ndata: 2\n", []],
    ["RULES A37: without data no event, and the type is cleared", "event: a\n\ndata: 1\n\n", ["event:message|1|"]],
    ["RULES A38: one trailing LF is removed", "data\n\ndata\ndata\n\n", ["event:message||", "event:message|\n|"]],
    [
      "RULES A39: an id lasts over events without one",
      "id: 1\ndata: 2\n\ndata: 3\n\n",
      ["id:1", "event:message|2|1", "event:message|3|1"],
    ],
    [
      "RULES A40: the type may be any, and lasts one event",
      "event: open\ndata: 1\n\ndata: 2\n\n",
      ["event:open|1|", "event:message|2|"],
    ],
  ];

  it.each(rules)("%s", (_rule, stream, calls) => {
    const encoded = typeof stream === "string" ? utf8(stream) : stream;
    for (const form of [stream, encoded]) {
      expect(callsOf([form])).toEqual(calls);
      expect(callsOf(singles(form))).toEqual(calls);
    }
  });

  it("RULES A23: removes a BOM that is cut, also after an empty chunk", () => {
    const empty = new Uint8Array(0);
    expect(callsOf([empty, bytes(0xef), empty, bytes(0xbb), bytes(0xbf, "data: 1\n\n")])).toEqual(["event:message|1|"]);
    expect(callsOf(["", "\uFEFF", "data: 1\n\n"])).toEqual(["event:message|1|"]);
    expect(callsOf([bytes(0xef, 0xbb), utf8("data: 1\n\ndata: 2\n\n")])).toEqual(["event:message|2|"]);
  });

  it("RULES A24: ends a line at a CR at once, and swallows an LF in a later chunk", () => {
    const { calls, parser } = recorder();
    parser.feed("data: 1\r\r");
    expect(calls).toEqual(["event:message|1|"]);
    parser.feed("");
    parser.feed("\ndata: 2\n\n");
    expect(calls).toEqual(["event:message|1|", "event:message|2|"]);
  });

  it("RULES A25: begins each stream with empty buffers, and a BOM of its own", () => {
    const { calls, parser } = recorder();
    parser.feed(bytes("event: a\ndata: 1\ndata: 2", 0xe4));
    parser.end();
    parser.feed("\uFEFFdata: 3\n\n");
    expect(calls).toEqual(["event:message|3|"]);
  });

  it("RULES A36: forgets an id that the end of the stream left uncommitted", () => {
    const { calls, parser } = recorder();
    parser.feed("id: 1\n\nid: 2\ndata: 3\n");
    parser.end();
    expect(parser.lastEventId).toBe("1");
    parser.feed("data: 4\n\n");
    expect(calls).toEqual(["id:1", "event:message|4|1"]);
  });

  it("RULES A41: delivers no later event of the chunk once a callback has stopped the parser", () => {
    const calls: Call[] = [];
    const parser = createParser(recording(calls, { onEvent: () => parser.stop() }));
    parser.feed("data: 1\n\n: no\nretry: 1\nid: 2\ndata: 3\n\n");
    parser.feed("data: 4\n\n");
    expect(calls).toEqual(["event:message|1|"]);
    expect(parser.stopped).toBe(true);
  });

  it("RULES A42: begins with the last event ID that it is given", () => {
    const { calls, parser } = recorder({ lastEventId: "7" });
    expect(parser.lastEventId).toBe("7");
    parser.feed("data: 1\n\nid\n\n");
    expect(calls).toEqual(["event:message|1|7", "id:"]);
  });

  it("reads bytes and strings mixed, a cut character being ended by a string", () => {
    expect(callsOf(["data: ", utf8("世"), "界", bytes(0xe4, 0xb8), "x\n", utf8("\n")])).toEqual([
      "event:message|世界\uFFFDx|",
    ]);
  });

  it("reads views and subarrays, and keeps no part of a chunk that is reused", () => {
    const buffer = utf8("xxdata: 世\n\n");
    const { calls, parser } = recorder();
    for (let i = 2; i < buffer.length; i++) {
      const chunk = buffer.slice(0, i + 1).subarray(i);
      parser.feed(chunk);
      chunk.fill(0);
    }
    expect(calls).toEqual(["event:message|世|"]);
  });

  it("reads a stream without callbacks", () => {
    const parser = createParser({});
    parser.feed(": 1\nretry: 2\nid: 3\ndata: 4\n\n");
    expect(parser.lastEventId).toBe("3");
  });

  it("refuses what is neither bytes nor a string", () => {
    const { parser } = recorder();
    expect(() => parser.feed(new ArrayBuffer(1) as never)).toThrow(TypeError);
    expect(() => parser.feed(undefined as never)).toThrow("Cannot feed a parser undefined");
  });
});

describe("stop, reset and end", () => {
  const stream = "id: 1\nevent: a\ndata: 2\n\n: 3\nretry: 4\nid: 5\ndata: 6\n\n";

  for (const callback of ["onEvent", "onComment", "onReconnectionTime", "onLastEventId"] as const) {
    it(`RULES A41: stop in ${callback} lets no further callback be called`, () => {
      const calls: Call[] = [];
      const parser = createParser(recording(calls, { [callback]: () => parser.stop() }));
      parser.feed(utf8(stream));
      parser.feed(stream);
      const all = callsOf([stream]);
      const name = { onEvent: "event", onComment: "comment", onReconnectionTime: "retry", onLastEventId: "id" }[
        callback
      ];
      expect(calls).toEqual(all.slice(0, all.findIndex((call) => call.startsWith(name)) + 1));
    });

    it(`reset in ${callback} drops the rest of the chunk, and the next chunk begins a stream`, () => {
      const calls: Call[] = [];
      const parser = createParser(recording(calls, { [callback]: () => parser.reset({ lastEventId: "9" }) }));
      parser.feed(stream);
      calls.length = 0;
      expect(parser.lastEventId).toBe("9");
      parser.feed("\uFEFFdata: 1\n");
      parser.feed("data: 2\n\n");
      expect(calls).toEqual(["event:message|1\n2|9"]);
    });

    it(`end in ${callback} drops the rest of the chunk, and keeps the last event ID`, () => {
      const calls: Call[] = [];
      const parser = createParser(recording(calls, { [callback]: () => parser.end() }));
      parser.feed(stream);
      calls.length = 0;
      parser.feed("\uFEFFdata: 1\n\n");
      expect(calls).toEqual(["event:message|1|1"]);
    });
  }

  it("stop outside a callback ignores what is fed until reset", () => {
    const { calls, parser } = recorder();
    parser.feed("id: 1\ndata: 1\n\ndata: 2\n");
    parser.stop();
    parser.feed("\n");
    parser.end();
    parser.feed("data: 3\n\n");
    expect([parser.stopped, parser.lastEventId]).toEqual([true, "1"]);
    parser.reset();
    expect([parser.stopped, parser.lastEventId]).toEqual([false, ""]);
    parser.feed("data: 4\n\n");
    expect(calls).toEqual(["id:1", "event:message|1|1", "event:message|4|"]);
  });

  it("reset forgets a CR, a cut character, a line and a block", () => {
    const cutCharacter = bytes("data: 1", 0xe4, 0xb8);
    for (const begun of [
      "data: 1\r",
      "event: a\n",
      "data: 1\n",
      "dat",
      cutCharacter,
      bytes(0xef, 0xbb),
      utf8("xdata: 1"),
    ]) {
      for (const next of ["\n\ndata: 2\n\n", utf8("\n\ndata: 2\n\n"), utf8("data: 2\n\n")]) {
        const { calls, parser } = recorder();
        for (const chunk of singles(begun)) parser.feed(chunk);
        parser.reset();
        parser.feed(next);
        expect(calls).toEqual(["event:message|2|"]);
      }
    }
  });

  it("feed from inside a callback throws, and leaves the parser as it was", () => {
    const calls: Call[] = [];
    const parser = createParser(
      recording(calls, {
        onEvent: () =>
          expect(() => parser.feed("data: no\n\n")).toThrow("Cannot feed a parser from inside its callback"),
      }),
    );
    parser.feed("data: 1\n\ndata: 2\n\n");
    parser.feed("data: 3\n\n");
    expect(calls).toEqual(["event:message|1|", "event:message|2|", "event:message|3|"]);
  });
});

describe("a callback that throws", () => {
  it("loses nothing of the chunk, and leaks nothing into the next event", () => {
    const calls: Call[] = [];
    const error = new Error("mine");
    const parser = createParser(
      recording(calls, {
        onEvent: ({ data }) => {
          if (data === "1") throw error;
        },
      }),
    );
    expect(() => parser.feed("id: a\nevent: e\ndata: 1\n\ndata: 2\n\nda")).toThrow(error);
    parser.feed("ta: 3\n\n");
    expect(calls).toEqual(["id:a", "event:e|1|a", "event:message|2|a", "event:message|3|a"]);
  });

  it("loses no event when onLastEventId throws", () => {
    const calls: Call[] = [];
    const fail = (): never => {
      throw new Error("mine");
    };
    const parser = createParser(recording(calls, { onLastEventId: fail }));
    expect(() => parser.feed("id: 1\ndata: 2\n\n")).toThrow("mine");
    expect(calls).toEqual(["id:1", "event:message|2|1"]);
  });

  it("throws an AggregateError of all errors in order if there are several", () => {
    const calls: Call[] = [];
    const fail = (value: unknown): never => {
      throw value;
    };
    const parser = createParser(
      recording(calls, {
        onEvent: ({ data }) => fail(data),
        onComment: fail,
        onReconnectionTime: fail,
        onLastEventId: fail,
      }),
    );
    const thrown = thrownBy(() => parser.feed(": 1\nretry: 2\nid: 3\ndata: 4\n\n"));
    expect(thrown).toBeInstanceOf(AggregateError);
    expect((thrown as AggregateError).errors).toEqual(["1", 2, "3", "4"]);
    expect(calls).toEqual(["comment:1", "retry:2", "id:3", "event:message|4|3"]);
    parser.feed("\n");
  });

  it("may stop the parser first", () => {
    const calls: Call[] = [];
    const parser = createParser(
      recording(calls, {
        onEvent: () => {
          parser.stop();
          throw new Error("mine");
        },
      }),
    );
    expect(() => parser.feed("data: 1\n\ndata: 2\n\n")).toThrow("mine");
    expect(calls).toEqual(["event:message|1|"]);
  });

  it("may be onError", () => {
    const parser = createParser(
      {
        onError: (error) => {
          throw error;
        },
      },
      { maxEventBytes: 1 },
    );
    expect(() => parser.feed("data")).toThrow(EventStreamError);
    expect(parser.stopped).toBe(true);
  });
});

describe("maxEventBytes", () => {
  // Each is one event of exactly its length.
  const events: Chunk[] = [
    "data: 12345\n\n",
    "data: 1\r\n\r",
    "id: 1\rdata\r\r",
    "x\nretryx\ndata\n\n",
    utf8("data: 世界\n\n"),
    bytes("data: ", 0xff, 0xe4, "\n\n"),
  ];

  it("lets an event of exactly that size pass, however it is cut, and no larger one", () => {
    for (const event of events) {
      const size = event.length;
      const before = callsOf([event]);
      for (const chunks of [[event], singles(event)]) {
        expect(callsOf(chunks, { maxEventBytes: size })).toEqual(before);
        expect(callsOf(chunks, { maxEventBytes: size - 1 })).toEqual(["error:event-too-large"]);
      }
    }
  });

  it("bounds each event, not the stream", () => {
    const one = "data: 1\n\n";
    expect(callsOf([one.repeat(3)], { maxEventBytes: one.length })).toHaveLength(3);
    expect(callsOf([utf8("data: 1\r\n\r\n".repeat(3))], { maxEventBytes: 10 })).toHaveLength(3);
    expect(callsOf([utf8(`\uFEFF${one.repeat(3)}`)], { maxEventBytes: one.length })).toHaveLength(3);
  });

  it("counts a line that never ends", () => {
    for (const begun of ["data: ", ": ", "x", ""]) {
      const calls = callsOf([begun, ..."yyyyyyyyyyyyyyyyyyyy", "\n"], { maxEventBytes: 20 });
      expect(calls).toEqual(["error:event-too-large"]);
    }
  });

  it("counts single bytes of a line that never ends", () => {
    expect(callsOf(singles(utf8("data: 12345")), { maxEventBytes: 10 })).toEqual(["error:event-too-large"]);
  });

  it("counts bytes where as many were cut from the chunk before as from this one", () => {
    const chunks = [bytes("a", 0xe4), bytes("x\n\ndata: ", 0xf0), utf8("1234567890\n\n")];
    expect(callsOf(chunks, { maxEventBytes: 19 })).toEqual(["event:message|\uFFFD1234567890|"]);
    expect(callsOf(chunks, { maxEventBytes: 18 })).toEqual(["error:event-too-large"]);
  });

  it("counts no finished comment before the first field, but those after it", () => {
    expect(callsOf([": 12345\n".repeat(9), "data\n\n"], { maxEventBytes: 8 })).toHaveLength(10);
    expect(callsOf([": 12345\r\n".repeat(9), "data\r\n\r\n"], { maxEventBytes: 8 })).toHaveLength(10);
    expect(callsOf(["data\n", ": 12345\n"], { maxEventBytes: 8 })).toEqual(["error:event-too-large"]);
  });

  it("counts bytes of bytes, and UTF-16 code units of strings", () => {
    const event = "data: 世🎉\n\n";
    expect(callsOf([event], { maxEventBytes: 11 })).toHaveLength(1);
    expect(callsOf([event], { maxEventBytes: 10 })).toEqual(["error:event-too-large"]);
    expect(callsOf([utf8(event)], { maxEventBytes: 15 })).toHaveLength(1);
    expect(callsOf([utf8(event)], { maxEventBytes: 14 })).toEqual(["error:event-too-large"]);
    expect(callsOf([utf8(`data\n\n${event}`)], { maxEventBytes: 14 })).toEqual([
      "event:message||",
      "error:event-too-large",
    ]);
  });

  it("stops the parser until reset", () => {
    const { calls, parser } = recorder({ maxEventBytes: 9 });
    parser.feed("id: 1\n\ndata: 12\n\ndata: 3\n\n");
    expect([parser.stopped, parser.lastEventId]).toEqual([true, "1"]);
    parser.feed("\n\n");
    parser.reset();
    parser.feed("data: 4\n\n");
    expect(calls).toEqual(["id:1", "error:event-too-large", "event:message|4|"]);
  });

  it("says what to do", () => {
    const errors: EventStreamError[] = [];
    createParser({ onError: (error) => errors.push(error) }, { maxEventBytes: 3 }).feed("data");
    expect(errors.map(({ code, message }) => [code, message])).toEqual([
      ["event-too-large", "Cannot parse an event larger than 3: raise maxEventBytes or call reset"],
    ]);
  });

  it("must be a whole number of at least 1", () => {
    for (const maxEventBytes of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, "1" as never]) {
      expect(() => createParser({}, { maxEventBytes })).toThrow(RangeError);
    }
  });
});

describe("long streams", () => {
  it("gives one line that comes in many chunks", () => {
    const line = "0123456789abcdef".repeat(65_536);
    for (const [size, text] of [
      [1024, line],
      [1, line.slice(0, 100_000)],
      [60_000, line],
      [line.length, line],
    ] as const) {
      const calls = callsOf(cut(utf8(`data: ${text}\r\n\r\ndata: 2\n\n`), () => size));
      expect(calls.length).toBe(2);
      expect(calls[0] === `event:message|${text}|`).toBe(true);
    }
  });

  it("gives one event of many data lines", () => {
    const lines = 200_000;
    for (const end of ["\n", "\r", "\r\n"]) {
      const calls = callsOf(cut(utf8(`data: x${end}`.repeat(lines) + end), () => 1024));
      expect(calls.length === 1 && calls[0] === `event:message|${`${"x\n".repeat(lines - 1)}x`}|`).toBe(true);
    }
  });
});

describe("properties", () => {
  // Text that is likely to meet every branch, as pieces of bytes.
  const token = fc.constantFrom<(string | number)[]>(
    ..."data,event,id,retry,:, ,  ,\n,\r,\r\n,\n\n,\0,x,1,23,\t,data: ,data:,event: ,id: ,retry: ,\uFEFF,é,世,🎉"
      .split(",")
      .map((text) => [text]),
    [0xef],
    [0xef, 0xbb],
    [0xe4, 0xb8],
    [0x80],
    [0xff],
    [0xf0, 0x9f],
    ["data: 1\n\n"],
    [": comment\n"],
  );
  const streams = fc.oneof(
    { weight: 4, arbitrary: fc.array(token, { maxLength: 60 }).map((tokens) => bytes(...tokens.flat())) },
    { weight: 1, arbitrary: fc.uint8Array() },
  );
  const cuts = fc.infiniteStream(fc.oneof(fc.constant(1), fc.nat({ max: 9 })));

  it("any cut of the bytes gives the calls of one chunk", () => {
    fc.assert(
      fc.property(streams, cuts, (stream, sizes) => {
        expect(callsOf(cut(stream, () => sizes.next().value))).toEqual(callsOf([stream]));
      }),
    );
  });

  it("bytes give the calls of the string that a TextDecoder makes of them, however it is cut", () => {
    fc.assert(
      fc.property(streams, cuts, (stream, sizes) => {
        const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(stream);
        const expected = callsOf([stream]);
        expect(callsOf([text])).toEqual(expected);
        expect(callsOf(cut(text, () => sizes.next().value))).toEqual(expected);
      }),
    );
  });

  it("the limit is exact, however bytes or strings are cut", () => {
    fc.assert(
      fc.property(
        streams,
        cuts,
        fc.integer({ min: 1, max: 40 }),
        fc.boolean(),
        (stream, sizes, maxEventBytes, asText) => {
          const whole = asText ? new TextDecoder("utf-8", { ignoreBOM: true }).decode(stream) : stream;
          expect(
            callsOf(
              cut(whole, () => sizes.next().value),
              { maxEventBytes },
            ),
          ).toEqual(callsOf([whole], { maxEventBytes }));
        },
      ),
    );
  });

  it("the limit lets pass what is no larger, and nothing else", () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.string({ unit: "grapheme" }), fc.nat({ max: 3 })), { minLength: 1 }),
        (events) => {
          const blocks = events.map(
            ([text, comments]) => [": no\n".repeat(comments), `data: ${text.replace(/[\r\n]/g, "")}\n\n`] as const,
          );
          const stream = utf8(blocks.flat().join(""));
          const largest = Math.max(...blocks.map(([, event]) => utf8(event).length));
          const unlimited = callsOf([stream]);
          expect(callsOf([stream], { maxEventBytes: largest })).toEqual(unlimited);
          const refused = callsOf([stream], { maxEventBytes: largest - 1 });
          expect(refused.at(-1)).toBe("error:event-too-large");
          expect(refused.slice(0, -1)).toEqual(unlimited.slice(0, refused.length - 1));
        },
      ),
    );
  });

  it("a chunk of any length gives the calls of short ones", () => {
    fc.assert(
      fc.property(streams, fc.integer({ min: 1, max: 30_000 }), fc.boolean(), (stream, size, longLine) => {
        const long = bytes(...stream, longLine ? "data: ".padEnd(20_000, "世 ") : "", ...stream);
        const whole = new Uint8Array(30_000).map((_, i) => long[i % Math.max(long.length, 1)] ?? 0);
        expect(callsOf(cut(whole, () => size))).toEqual(callsOf(cut(whole, () => 1021)));
      }),
    );
  });

  it("a callback that stops, ends, resets or throws anywhere breaks nothing", () => {
    const deeds = fc.infiniteStream(fc.constantFrom("none", "stop", "end", "reset", "throw"));
    fc.assert(
      fc.property(streams, cuts, deeds, (stream, sizes, acts) => {
        let silent = false;
        const act = (): void => {
          expect(silent).toBe(false);
          const deed: "none" | "stop" | "end" | "reset" | "throw" = acts.next().value;
          silent = deed === "stop" || deed === "end" || deed === "reset";
          if (deed === "throw") throw new Error("mine");
          if (deed === "stop" || deed === "end" || deed === "reset") parser[deed]();
        };
        const parser: EventParser = createParser(
          { onEvent: act, onComment: act, onReconnectionTime: act, onLastEventId: act, onError: act },
          { maxEventBytes: 50 },
        );
        for (const chunk of cut(stream, () => sizes.next().value)) {
          silent = parser.stopped;
          const thrown = thrownBy(() => parser.feed(chunk));
          const errors = thrown instanceof AggregateError ? thrown.errors : thrown === undefined ? [] : [thrown];
          expect(errors.every((error) => error.message === "mine")).toBe(true);
        }
        parser.reset();
        silent = false;
        expect(parser.stopped).toBe(false);
      }),
    );
  });
});

// Helpers

function recording(calls: Call[], callbacks: ParserCallbacks = {}): ParserCallbacks {
  return {
    onEvent(event) {
      calls.push(`event:${event.type}|${event.data}|${event.lastEventId}`);
      callbacks.onEvent?.(event);
    },
    onComment(comment) {
      calls.push(`comment:${comment}`);
      callbacks.onComment?.(comment);
    },
    onReconnectionTime(milliseconds) {
      calls.push(`retry:${milliseconds}`);
      callbacks.onReconnectionTime?.(milliseconds);
    },
    onLastEventId(lastEventId) {
      calls.push(`id:${lastEventId}`);
      callbacks.onLastEventId?.(lastEventId);
    },
    onError(error) {
      calls.push(`error:${error.code}`);
      callbacks.onError?.(error);
    },
  };
}

function recorder(options?: ParserOptions): { calls: Call[]; parser: EventParser } {
  const calls: Call[] = [];
  return { calls, parser: createParser(recording(calls), options) };
}

function callsOf(chunks: Iterable<Chunk>, options?: ParserOptions): Call[] {
  const { calls, parser } = recorder(options);
  for (const chunk of chunks) parser.feed(chunk);
  return calls;
}

function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Bytes of texts and single bytes. */
function bytes(...parts: (string | number)[]): Uint8Array {
  return Uint8Array.from(parts.flatMap((part) => (typeof part === "number" ? [part] : [...utf8(part)])));
}

function* cut(stream: Chunk, size: () => number): Generator<Chunk> {
  for (let at = 0; at < stream.length; ) {
    const end = at + size();
    yield typeof stream === "string" ? stream.slice(at, end) : stream.slice(at, end);
    at = end;
  }
}

function singles(stream: Chunk): Chunk[] {
  return [...cut(stream, () => 1)];
}

function thrownBy(action: () => void): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  return undefined;
}
