import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const folder = fileURLToPath(new URL("..", import.meta.url));

describe("README.md", () => {
  it("has an example that runs", { timeout: 60_000 }, () => {
    const [, example = ""] = /```ts\n([\s\S]*?)```/.exec(readFileSync(`${folder}README.md`, "utf8")) ?? [];
    const args = ["--conditions=@ssekit/source", "--input-type=module", "--eval", example];
    expect(execFileSync(process.execPath, args, { cwd: folder, encoding: "utf8" })).toMatch(/^#\S+\n$/);
  });
});
