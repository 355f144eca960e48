import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as hub from "./mod.ts";
import * as testing from "./testing.ts";

it("the README's example runs", async () => {
  const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
  const [, program = ""] = /```ts\nimport .* from "@ssekit\/hub";\nimport .*\n([\s\S]*?)```/.exec(readme) ?? [];
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  const logged: unknown[][] = [];
  const run = AsyncFunction("createHub", "ScriptedSink", "console", program);
  await run(hub.createHub, testing.ScriptedSink, { log: (...line: unknown[]) => logged.push(line) });
  expect(logged).toEqual([[["ssekit.cursor", "headline"]], [["ssekit.cursor", "message"]]]);
});
