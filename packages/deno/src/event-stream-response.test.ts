import { join } from "node:path";
import { describeAdapter, describeWith } from "testing";

const fixture = join(import.meta.dirname, "../test/fixture.ts");

describeWith("deno", "eventStreamResponse()", (deno) => {
  describeAdapter("on Deno", [
    deno,
    "run",
    "-A",
    "--quiet",
    "--v8-flags=--expose-gc",
    "--conditions=@ssekit/source",
    fixture,
  ]);
});
