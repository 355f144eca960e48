import { describe, expect, it } from "vitest";
import { bytes, type Chunk, callsOf, recorder, singles, utf8 } from "../test/recorder.ts";
import type { EventStreamError } from "./event-stream-error.ts";
import { createParser } from "./parser.ts";

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
