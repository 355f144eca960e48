import { tmpdir } from "node:os";
import { fileURLToPath } from "node:url";
import { runProgram } from "testing";
import { expect, it } from "vitest";

it("commit-time.ts says how long a process stands still for a commit", { timeout: 60_000 }, async () => {
  const program = fileURLToPath(new URL("commit-time.ts", import.meta.url));
  const runtime = [process.execPath, ...("Deno" in globalThis ? ["run", "-A"] : []), "--conditions=@ssekit/source"];
  const { code, stdout } = await runProgram([...runtime, program, tmpdir(), "3"]);
  expect(code).toBe(0);
  const lines = stdout.trim().split("\n");
  expect(lines.length).toBe(6);
  for (const line of lines) {
    expect(line).toMatch(/^(normal|full), \d+ events of 188 bytes: median [\d.]+ ms, p99 [\d.]+ ms$/);
  }
});
