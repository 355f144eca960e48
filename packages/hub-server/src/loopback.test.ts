import { describe, expect, it } from "vitest";
import { isLoopback, mayPublish } from "./loopback.ts";

describe("isLoopback()", () => {
  it.each(["127.0.0.1", "127.1.2.3", "localhost", "LOCALHOST", "app.localhost", "::1", "[::1]"])(
    "says yes to %s",
    (host) => {
      expect(isLoopback(host)).toBe(true);
    },
  );

  it.each([
    "0.0.0.0",
    "::",
    "192.168.0.1",
    "example.com",
    "localhost.example.com",
    "127.0.0.1.example.com",
    "1270.0.0.1",
    "",
  ])("says no to %j", (host) => {
    expect(isLoopback(host)).toBe(false);
  });
});

describe("mayPublish()", () => {
  it.each([
    ["a program, which sends no origin", undefined, undefined, true],
    ["the hub's own page", "http://127.0.0.1:4711", undefined, true],
    ["another program's page on this machine", "http://localhost:3000", undefined, true],
    ["a page of a web site", "https://example.com", undefined, false],
    ["a site whose name was made to point here", "http://evil.example:4711", undefined, false],
    ["a sandboxed page", "null", undefined, false],
    ["nonsense", "http://[", undefined, false],
    ["the page of a hub that others may reach", "http://hub.example:4711", "hub.example:4711", true],
    ["another site, to such a hub", "http://other.example", "hub.example:4711", false],
  ])("answers for %s", (_, origin, remote, expected) => {
    expect(mayPublish(origin, remote)).toBe(expected);
  });
});
