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
    ["a program, which sends no origin", undefined, true],
    ["the hub's own page", "http://127.0.0.1:4711", true],
    ["another program's page on this machine", "http://localhost:3000", true],
    ["a page of a web site", "https://example.com", false],
    ["a site whose name was made to point here", "http://evil.example:4711", false],
    ["a sandboxed page", "null", false],
    ["nonsense", "http://[", false],
  ])("answers for %s", (_, origin, expected) => {
    expect(mayPublish(origin)).toBe(expected);
  });
});
