import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseCursor } from "@ssekit/hub";
import { sqliteLog } from "@ssekit/hub-sqlite";
import { type Program, startProgram } from "testing";
import { writerCommand } from "./writer-command.ts";

/** What a kill loop found. */
export interface KillLoopVerdict {
  /** How many entries were acknowledged to either writer. */
  readonly acknowledged: number;
  /** Acknowledged entries that are not in the log under their cursor, as text; none in a log that is right. */
  readonly lost: readonly string[];
  /** Positions that are missing, given out twice, or out of a writer's order, as text. */
  readonly disordered: readonly string[];
}

/** Starts two writers on one new file, kills both while they append, and does it again; then reads what is there. */
export async function runKillLoop(rounds: number): Promise<KillLoopVerdict> {
  const folder = mkdtempSync(join(tmpdir(), "ssekit-kill-"));
  const path = join(folder, "log.db");
  try {
    const acknowledged = new Map<string, string>();
    for (let round = 0; round < rounds; round += 1) {
      for (const line of await runRound(path, round)) {
        const [cursor = "", name, count] = line.split(" ");
        acknowledged.set(cursor, `${name} ${count}`);
      }
    }
    return await judge(path, acknowledged);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Gives the whole lines that the writers of one round printed. */
async function runRound(path: string, round: number): Promise<string[]> {
  // Not until both have appended: a writer that is killed at its start tests nothing. One that ends by itself rejects.
  const until = new RegExp(`(?:^#.*\\n){${50 + 37 * (round % 5)}}`, "m");
  const start = (name: string): Promise<Program> => startProgram(writerCommand(path, `${name}${round}`), { until });
  const writers = await Promise.all([start("a"), start("b")]);
  await Promise.all(writers.map((program) => program.stop("SIGKILL")));
  return writers.flatMap((program) =>
    program
      .output()
      .split("\n")
      .slice(0, -1)
      .filter((line) => line.startsWith("#")),
  );
}

async function judge(path: string, acknowledged: ReadonlyMap<string, string>): Promise<KillLoopVerdict> {
  const log = sqliteLog(path);
  const { entries } = await log.read(await log.floor(), Number.POSITIVE_INFINITY);
  await log.close();
  const kept = new Map(entries.map(({ position, event }) => [position.cursor, nameOf(event.data)]));
  const lost = [...acknowledged].filter(([cursor, name]) => kept.get(cursor) !== name).map(String);
  const disordered: string[] = [];
  const counts = new Map<string, number>();
  entries.forEach(({ position, event }, index) => {
    if (position.n !== index + 1 || parseCursor(position.cursor)?.n !== position.n) {
      disordered.push(`entry ${position.cursor} stands at ${index + 1}`);
    }
    const [writerName = "", count] = nameOf(event.data).split(" ");
    if (Number(count) !== (counts.get(writerName) ?? -1) + 1) disordered.push(`${writerName} ${count} out of order`);
    counts.set(writerName, Number(count));
  });
  return { acknowledged: acknowledged.size, lost, disordered };
}

function nameOf(data = ""): string {
  return data.split(" ", 2).join(" ");
}
