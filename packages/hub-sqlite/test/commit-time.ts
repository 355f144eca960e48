// How long a process stands still for one commit, on the disk of the folder argv[2] (else the system's for what is
// temporary): run it with `node --conditions=@ssekit/source test/commit-time.ts [folder [turns]]`.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers";
import { sqliteLog } from "@ssekit/hub-sqlite";

const [, , parent = tmpdir(), turns = "200"] = process.argv;
const data = "x".repeat(188);
const entry = {
  topics: ["a"],
  private: false,
  id: undefined,
  key: undefined,
  end: false,
  event: { data },
  bytes: data.length,
};

for (const synchronous of ["normal", "full"] as const) {
  for (const events of [1, 64, 1000]) {
    const folder = mkdtempSync(join(parent, "ssekit-commit-"));
    const log = sqliteLog(join(folder, "log.db"), { synchronous });
    const times: number[] = [];
    for (let turn = 0; turn < Number(turns); turn += 1) {
      let before = 0;
      // The log commits in a task of its own, between these two.
      setImmediate(() => {
        before = performance.now();
      });
      const appending = Array.from({ length: events }, () => log.append([entry]));
      await new Promise((resolve) => setImmediate(resolve));
      times.push(performance.now() - before);
      await Promise.all(appending);
    }
    await log.close();
    rmSync(folder, { recursive: true });
    times.sort((a, b) => a - b);
    const [median, p99] = [0.5, 0.99].map((part) => (times[Math.floor(times.length * part)] ?? 0).toFixed(2));
    console.log(`${synchronous}, ${events} events of ${data.length} bytes: median ${median} ms, p99 ${p99} ms`);
  }
}
