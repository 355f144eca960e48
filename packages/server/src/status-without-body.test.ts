import { describe, expect, it } from "vitest";
import { statusWithoutBody } from "./status-without-body.ts";

describe("statusWithoutBody()", () => {
  const status = (method: string, accept: string): number | undefined =>
    statusWithoutBody(new Request("http://localhost/", { method, headers: { accept } }));

  it("gives 406 to a GET or HEAD that excludes event streams (RULES B15)", () => {
    expect(status("GET", "application/json")).toBe(406);
    expect(status("HEAD", "application/json")).toBe(406);
  });

  it("gives 200 to any other HEAD (RULES B13)", () => {
    expect(status("HEAD", "*/*")).toBe(200);
  });

  it("leaves a GET that takes event streams, and other methods whatever they accept, to the stream", () => {
    expect(status("GET", "text/event-stream")).toBeUndefined();
    expect(status("POST", "application/json")).toBeUndefined();
  });
});
