import { describe, expect, it } from "vitest";
import {
  bytes,
  type Call,
  type Chunk,
  callsOf,
  cut,
  recorder,
  recording,
  singles,
  thrownBy,
  utf8,
} from "../test/recorder.ts";
import { EventStreamError } from "./event-stream-error.ts";
import { createParser } from "./parser.ts";

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
