import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createHub } from "@ssekit/hub";
import { Redis } from "ioredis";
import { describeWith, startRedis } from "testing";
import { expect, it } from "vitest";
import { redisLog } from "./redis-log.ts";

describeWith("redis-server", "the README", (path) => {
  it("has an example that runs", async () => {
    const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
    const [, program = ""] = /```ts\n(?:import .*\n)+([\s\S]*?)```/.exec(readme) ?? [];
    const server = await startRedis(path);
    const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
    const logged: unknown[] = [];
    const run = AsyncFunction("createHub", "redisLog", "Redis", "console", program.replace(/redis:[^"]*/, server.url));
    await run(createHub, redisLog, Redis, { log: (line: unknown) => logged.push(line) });
    await server.close();
    expect(logged).toEqual([true]);
  });
});
