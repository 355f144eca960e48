import { describe, expect, it } from "vitest";
import { corsHeaders } from "./cors-headers.ts";

describe("corsHeaders()", () => {
  const origins = ["https://a.example", "https://b.example"];

  it("lets every origin read, without credentials (RULES B16)", () => {
    expect(corsHeaders("https://a.example", { origins: "*" })).toEqual({ "access-control-allow-origin": "*" });
    expect(() => corsHeaders("https://a.example", { origins: "*", credentials: true })).toThrow(TypeError);
  });

  it("names the one origin that asks, and says that others get another answer (RULES B16)", () => {
    expect(corsHeaders("https://b.example", { origins })).toEqual({
      vary: "Origin",
      "access-control-allow-origin": "https://b.example",
    });
    expect(corsHeaders("https://a.example", { origins, credentials: true })).toEqual({
      vary: "Origin",
      "access-control-allow-origin": "https://a.example",
      "access-control-allow-credentials": "true",
    });
  });

  it.each(["https://a.example.net", "http://a.example", "null", "", null, undefined])(
    "lets %s read nothing",
    (origin) => {
      expect(corsHeaders(origin, { origins, credentials: true })).toEqual({ vary: "Origin" });
    },
  );
});
