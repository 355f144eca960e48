import { describe, expect, it } from "vitest";
import { acceptsEventStream } from "./accepts-event-stream.ts";

describe("acceptsEventStream()", () => {
  it.each([
    [null, "is absent"],
    ["", "is empty"],
    ["text/event-stream", "names it"],
    ["Text/Event-Stream", "names it in other letters"],
    ["*/*", "takes everything"],
    ["text/*", "takes all text"],
    ["text/html, */*;q=0.1", "takes everything, though not gladly"],
    ["text/html,text/event-stream;q=0.001", "names it with little weight"],
    ["application/json, text/event-stream", "names it after others"],
    ["text/event-stream;charset=utf-8;q=1", "names it with a parameter"],
    ["*/*;q=0, text/event-stream", "names it and refuses the rest"],
    ["text/event-stream ; Q=0.5", "has spaces and a capital Q"],
  ])("lets %j through, which %s (RULES B15)", (accept, _why) => {
    expect(acceptsEventStream(accept)).toBe(true);
  });

  it.each([
    ["application/json", "names another type"],
    ["text/html, application/xhtml+xml", "names other types"],
    ["text/event-streamx", "names a longer type"],
    ["text/event-stream;q=0", "gives it no weight"],
    ["*/*, text/event-stream;q=0.0", "takes everything else"],
    ["text/*;q=0, */*", "takes everything but text"],
    ["*/*;q=0", "takes nothing"],
  ])("refuses %j, which %s (RULES B15)", (accept, _why) => {
    expect(acceptsEventStream(accept)).toBe(false);
  });
});
