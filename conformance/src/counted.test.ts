import { expect, it } from "vitest";
import { counted } from "./counted.ts";

it("counts one thing as one, and all else as many", () => {
  expect([0, 1, 2].map((count) => counted(count, "HEAD request"))).toEqual([
    "0 HEAD requests",
    "1 HEAD request",
    "2 HEAD requests",
  ]);
});
