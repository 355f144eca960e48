import { fileURLToPath } from "node:url";
import { describeWith, runProgram } from "testing";
import { expect, it } from "vitest";
import { hasSmallSockets } from "./small-sockets.ts";

const soak = [process.execPath, "--conditions=@ssekit/source", fileURLToPath(new URL("soak.ts", import.meta.url))];

describeWith("unshare", "a soak of 5,000 readers for two minutes", () => {
  it.runIf(hasSmallSockets())(
    "loses nothing, keeps memory flat, and those who read are not slowed by those who don't (HUB C1)",
    async () => {
      const { code, stdout, stderr } = await runProgram(soak);
      console.log(stdout.trim());
      expect([code, stderr]).toEqual([0, ""]);
    },
    900_000,
  );
});
