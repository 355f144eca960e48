import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as testing from "../testing.ts";

it("the README's example of a test runs", async () => {
  const readme = readFileSync(join(import.meta.dirname, "../../README.md"), "utf8");
  const [, program = ""] = /```ts\nimport .* from "@ssekit\/server\/testing";\n([\s\S]*?)```/.exec(readme) ?? [];
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  const logged: unknown[] = [];
  const run = AsyncFunction("openMemoryStream", "console", program);
  await run(testing.openMemoryStream, { log: (...line: unknown[]) => logged.push(...line) });
  expect(logged).toEqual([200, '{"hello":"world"}', "age"]);
});
