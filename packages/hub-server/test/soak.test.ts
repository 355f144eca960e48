import { fileURLToPath } from "node:url";
import { describeWith, runProgram } from "testing";
import { expect, it } from "vitest";
import { hasSmallSockets } from "./small-sockets.ts";
import type { SoakReport } from "./soak-report.ts";

const soak = [process.execPath, "--conditions=@ssekit/source", fileURLToPath(new URL("soak.ts", import.meta.url))];

describeWith("unshare", "a short soak of 300 readers", () => {
  it.runIf(hasSmallSockets())(
    "loses and repeats nothing, keeps memory flat, and really blocks a tenth of them (HUB C1)",
    async () => {
      const args = ["--connections", "300", "--seconds", "8", "--rate", "20", "--size", "8192", "--json"];
      const { stdout, stderr } = await runProgram([...soak, ...args]);
      console.log(stdout.trim());
      expect(stderr).toBe("");
      const { problems, ...report } = JSON.parse(stdout) as SoakReport & { problems: string[] };
      expect(report).toMatchObject({ silent: 30, blocked: 30, published: 160, lost: 0, repeated: 0, gaps: 0 });
      expect(report.deliveries).toBe(300 * 160);
      // How long anything took is for the whole of it to judge, with thousands of readers, on a machine of its own.
      expect(problems.filter((problem) => !problem.includes("waited"))).toEqual([]);
    },
    300_000,
  );
});

it("soak.ts refuses what it can't be told, with exit code 2", async () => {
  const { code, stderr } = await runProgram([...soak, "--connections", "none"]);
  expect([code, stderr]).toEqual([2, "Cannot soak with --connections none: give a whole number above 0\n"]);
});
