import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describeWith, startProgram } from "testing";
import { expect, it } from "vitest";

describeWith("deno", "the README", (deno) => {
  it("has an example that runs", async () => {
    const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
    const [, program = ""] = /```ts\n([\s\S]*?)```/.exec(readme) ?? [];
    const command = [deno, "eval", "--quiet", "--conditions=@ssekit/source", program];
    const { ended, output } = await startProgram(command, { until: /hello/, cwd: import.meta.dirname });
    expect(await ended).toBe(0);
    expect(output()).toBe(': \n\nevent: greeting\ndata: {"hello":"world"}\n\n\n');
  });
});
