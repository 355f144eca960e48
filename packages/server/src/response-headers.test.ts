import { describe, expect, it } from "vitest";
import { responseHeaders } from "./response-headers.ts";

describe("responseHeaders()", () => {
  it("gives what keeps caches, proxies and compression from holding events back (RULES B9)", () => {
    expect(Object.fromEntries(responseHeaders())).toEqual({
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
    });
  });

  it("adds the caller's, and lets them say otherwise to caches and proxies", () => {
    const headers = responseHeaders([
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
      ["Cache-Control", "private, no-store"],
    ]);
    expect(headers).toEqual([
      ["content-type", "text/event-stream"],
      ["x-accel-buffering", "no"],
      ["cache-control", "private, no-store"],
      ["set-cookie", "a=1"],
      ["set-cookie", "b=2"],
    ]);
  });

  it.each(["Content-Type", "Content-Length", "Transfer-Encoding", "Connection", "Keep-Alive"])(
    "refuses %s (RULES B10, B11)",
    (name) => {
      expect(() => responseHeaders({ [name]: "1" })).toThrow(TypeError);
      expect(() => responseHeaders({ [name]: "1" })).toThrow(`Cannot set the header ${name.toLowerCase()}`);
    },
  );
});
