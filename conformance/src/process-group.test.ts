import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, it } from "vitest";
import { killGroup, ownGroup } from "./process-group.ts";

it.skipIf(process.platform === "win32")(
  "ends what a command has started, and is quiet when all have ended",
  async () => {
    // It ends when both of them have: each holds its standard output.
    const child = spawn("sh", ["-c", "sleep 600 & echo started; wait"], {
      stdio: ["ignore", "pipe", "ignore"],
      ...ownGroup,
    });
    await once(child.stdout, "data");
    const closed = once(child, "close");
    killGroup(child);
    expect(await closed).toEqual([null, "SIGTERM"]);
    expect(() => killGroup(child)).not.toThrow();
  },
);
