import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createHub } from "@ssekit/hub";
import { expect, it } from "vitest";
import { type SqliteLogOptions, sqliteLog } from "./sqlite-log.ts";

it("the README's example runs", async () => {
  const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
  const [, program = ""] = /```ts\nimport .*\nimport .*\n([\s\S]*?)```/.exec(readme) ?? [];
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  const logged: unknown[] = [];
  const folder = mkdtempSync(join(tmpdir(), "ssekit-readme-"));
  const run = AsyncFunction("createHub", "sqliteLog", "console", program);
  const inFolder = (path: string, options?: SqliteLogOptions): unknown => sqliteLog(join(folder, path), options);
  await run(createHub, inFolder, { log: (line: unknown) => logged.push(line) });
  rmSync(folder, { recursive: true });
  expect(logged).toEqual([true]);
});
