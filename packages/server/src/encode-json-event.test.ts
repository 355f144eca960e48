import { encodeEvent } from "@ssekit/codec";
import { describe, expect, it } from "vitest";
import { encodeJsonEvent } from "./encode-json-event.ts";

describe("encodeJsonEvent()", () => {
  it("writes text as it is and any other data as JSON", () => {
    expect(encodeJsonEvent({ data: "a\nb" })).toEqual(encodeEvent({ data: "a\nb" }));
    expect(encodeJsonEvent({ event: "x", data: { a: [1, null] }, id: "7" })).toEqual(
      encodeEvent({ event: "x", data: '{"a":[1,null]}', id: "7" }),
    );
    for (const data of [0, false, null, []]) {
      expect(encodeJsonEvent({ data })).toEqual(encodeEvent({ data: JSON.stringify(data) }));
    }
  });

  it("writes blocks without data", () => {
    expect(encodeJsonEvent({ retry: 5 })).toEqual(encodeEvent({ retry: 5 }));
  });

  it.each([
    ["a function", () => {}],
    ["a symbol", Symbol("x")],
    ["a bigint", 1n],
  ])("refuses %s, for which JSON has no form", (_name, data) => {
    expect(() => encodeJsonEvent({ data })).toThrow(TypeError);
  });

  it("refuses an event with a name and no data, which would never fire", () => {
    expect(() => encodeJsonEvent({ event: "x", data: undefined })).toThrow(TypeError);
  });
});
