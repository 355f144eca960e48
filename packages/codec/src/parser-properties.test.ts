import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bytes, callsOf, cut, thrownBy, utf8 } from "../test/recorder.ts";
import type { EventParser } from "./event-parser.ts";
import { createParser } from "./parser.ts";

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
