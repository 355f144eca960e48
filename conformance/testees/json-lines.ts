// Our parser as a program that speaks JSON lines, as README.md describes them; the shortest that is whole.
import { createInterface } from "node:readline";
import type { DispatchedEvent } from "@ssekit/codec";
import { createParser } from "./codec.ts";

interface Request {
  readonly seq: number;
  readonly cmd: string;
  readonly chunks?: readonly string[];
}

createInterface({ input: process.stdin }).on("line", async (line) => {
  const { seq, cmd, chunks = [] } = JSON.parse(line) as Request;
  if (cmd === "stop") process.exit();
  console.log(JSON.stringify({ seq, ...(await answer(cmd, chunks)) }));
});

async function answer(cmd: string, chunks: readonly string[]): Promise<object> {
  if (cmd === "start") return { version: 1, name: "@ssekit/codec", capabilities: ["reconnection-time"] };
  if (cmd !== "run") return { unsupported: true };
  let events: DispatchedEvent[] = [];
  const parser = createParser((event) => events.push(event));
  const steps: object[] = [];
  for (const chunk of [...chunks, undefined]) {
    events = [];
    await (chunk === undefined ? parser.end() : parser.push(Buffer.from(chunk, "base64")));
    steps.push({ events, reconnectionTime: parser.reconnectionTime });
  }
  return { steps };
}
