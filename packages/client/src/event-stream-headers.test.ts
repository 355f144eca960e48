import { afterEach, describe, expect, it } from "vitest";
import { eventStreamHeaders } from "./event-stream-headers.ts";

const own = Object.getOwnPropertyDescriptor(globalThis, "location");

describe("eventStreamHeaders()", () => {
  afterEach(() => {
    if (own === undefined) Reflect.deleteProperty(globalThis, "location");
    else Object.defineProperty(globalThis, "location", own);
  });

  it("asks for an event stream that no cache answers, where the runtime does not do it (RULES A4)", () => {
    expect([...eventStreamHeaders("")]).toEqual([
      ["accept", "text/event-stream"],
      ["cache-control", "no-cache"],
    ]);
  });

  it("leaves that to the cache mode in a page: its own field would cost a preflight, also of a redirect (RULES A10)", () => {
    Object.defineProperty(globalThis, "location", { value: new URL("http://127.0.0.1/"), configurable: true });
    expect([...eventStreamHeaders("")]).toEqual([["accept", "text/event-stream"]]);
  });

  it("writes the last event ID as its bytes, and none where it is empty (RULES A18)", () => {
    expect(eventStreamHeaders("é").get("last-event-id")).toBe("Ã©");
    expect(eventStreamHeaders("").has("last-event-id")).toBe(false);
  });

  it("leaves what the caller gives, but for the last event ID", () => {
    const headers = eventStreamHeaders("2", { Accept: "*/*", "Last-Event-ID": "1", "X-Key": "k" });
    expect([headers.get("accept"), headers.get("last-event-id"), headers.get("x-key")]).toEqual(["*/*", "2", "k"]);
  });
});
