import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readLastEventId } from "./read-last-event-id.ts";

describe("readLastEventId()", () => {
  const read = (url: string, header?: string): string | undefined =>
    readLastEventId({
      method: "GET",
      url,
      headers: { get: (name) => (name === "last-event-id" ? (header ?? null) : null) },
    });

  it("is undefined where the request brings none", () => {
    expect(read("/events")).toBeUndefined();
    expect(read("/events?topic=a")).toBeUndefined();
  });

  it("takes the header before the query, whose URL a reconnecting reader repeats (RULES B35)", () => {
    expect(read("/events?lastEventId=old", "new")).toBe("new");
  });

  it("takes both spellings of the query", () => {
    expect(read("/events?topic=a&lastEventId=7")).toBe("7");
    expect(read("http://localhost/events?last_event_id=%23a-7#top")).toBe("#a-7");
    expect(read("/events?last_event_id=1&lastEventId=2")).toBe("2");
  });

  it("takes an empty cursor as a value, from the header and from the query", () => {
    expect(read("/events?lastEventId=7", "")).toBe("");
    expect(read("/events?last_event_id=")).toBe("");
  });

  it("reads URLs that are none", () => {
    expect(read("//?lastEventId=7")).toBe("7");
    expect(read("*")).toBeUndefined();
    expect(read("/%?lastEventId=%")).toBe("%");
  });

  it("decodes the header's UTF-8 bytes, which arrive as one character each (HUB B5)", () => {
    expect(read("/", "Ã©")).toBe("é");
  });

  it("leaves a header that is no UTF-8, or was decoded before, as it is", () => {
    expect(read("/", "é")).toBe("é");
    expect(read("/", "日本")).toBe("日本");
  });

  it("brings back any id that an event can carry", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (id) => {
        const header = String.fromCharCode(...new TextEncoder().encode(id));
        expect(read("/", header)).toBe(id);
        expect(read(`/?lastEventId=${encodeURIComponent(id)}`)).toBe(id);
      }),
    );
  });
});
