import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import * as server from "./mod.ts";

it("the README's example runs", async () => {
  const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
  const [, program = ""] = /```ts\nimport .* from "@ssekit\/server";\n([\s\S]*?)```/.exec(readme) ?? [];
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  const logged: unknown[] = [];
  const run = AsyncFunction("eventStreamResponse", "console", program);
  await run(server.eventStreamResponse, { log: (line: unknown) => logged.push(line) });
  expect(logged).toEqual([': \n\nevent: greeting\ndata: {"hello":"world"}\n\n']);
});
