// Appends to the log at argv[2] as writer argv[3] until it is killed, three entries a turn, and prints a line for each that
// was acknowledged: its cursor and its data. Ends with the error's code when the log refuses.
import { sqliteLog } from "@ssekit/hub-sqlite";

const [, , path = "", writer = "", size = "10"] = process.argv;
const log = sqliteLog(path, { lockTimeout: 10_000, maxBytes: 1e9 });
console.log("ready");

for (let count = 0; ; count += 3) {
  const turn = [0, 1, 2].map(async (offset) => {
    const data = `${writer} ${count + offset} ${"x".repeat(Number(size))}`;
    const [appended] = await log.append([
      { topics: ["a"], private: false, id: undefined, key: undefined, end: false, event: { data }, bytes: data.length },
    ]);
    // Not by writeSync(), which fails where the reader of the pipe is late.
    console.log(`${appended?.cursor} ${writer} ${count + offset}`);
  });
  try {
    await Promise.all(turn);
  } catch (error) {
    console.log(`${(error as { code?: string }).code}: ${(error as Error).message}`);
    break;
  }
}
