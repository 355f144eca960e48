import { expect, it } from "vitest";
import type { LogEntry } from "./event-log.ts";
import { HubEntry } from "./hub-entry.ts";

it("an entry is encoded when its first reader needs it, and once for all of them (RULES B47)", () => {
  let reads = 0;
  const event = {
    event: "news",
    get data() {
      reads += 1;
      return "Hello";
    },
  };
  const position = { n: 1, cursor: "#e-1-1" };
  const logged: LogEntry = {
    topics: ["a"],
    private: false,
    id: undefined,
    key: undefined,
    end: false,
    event,
    bytes: 10,
    position,
  };
  const entry = new HubEntry(
    logged,
    { n: 0, cursor: "#e-0-0" },
    { ids: "cursor", base: new URL("https://hub.invalid/") },
  );
  expect(reads).toBe(0);
  const { bytes } = entry;
  expect(new TextDecoder().decode(bytes)).toBe("event: news\ndata: Hello\nid: #e-1-1\n\n");
  expect([entry.bytes, reads]).toEqual([bytes, 1]);
  expect(entry.bytes).toBe(bytes);
});
