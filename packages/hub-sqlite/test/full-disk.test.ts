import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sqliteLog } from "@ssekit/hub-sqlite";
import { startProgram } from "testing";
import { expect, it } from "vitest";
import { writerCommand } from "./writer-command.ts";

it.skipIf(process.platform === "win32")(
  "refuses what has no room, and loses nothing acknowledged",
  async () => {
    const folder = mkdtempSync(join(tmpdir(), "ssekit-full-"));
    const path = join(folder, "log.db");
    try {
      // A limit on the size of files stands for a disk that is full: writes fail in the same places.
      const program = writerCommand(path, "a", 20_000);
      const command = ["sh", "-c", `trap '' XFSZ; ulimit -f 4000; exec "$@"`, "sh", ...program];
      const { output, ended } = await startProgram(command, { until: /log-unavailable: .*/ });
      await ended;
      const acknowledged = output().match(/^#\S+/gm) ?? [];
      expect(acknowledged.length).toBeGreaterThan(3);
      expect(output()).toMatch(/log-unavailable: Cannot append to the log in .*(disk is full|failed to read or write)/);

      const log = sqliteLog(path);
      const { entries } = await log.read(await log.floor(), Number.POSITIVE_INFINITY);
      expect(entries.map(({ position }) => position.cursor)).toEqual(acknowledged);
      await log.append([
        {
          topics: ["a"],
          private: false,
          id: undefined,
          key: undefined,
          end: false,
          event: { data: "room again" },
          bytes: 10,
        },
      ]);
      await log.close();
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
  60_000,
);
