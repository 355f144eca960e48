// All readers of a comparison, on raw sockets in one process, so that nothing but the server is measured.
import { connect, type Socket } from "node:net";
import { answerTasks } from "../child-program.ts";
import { clock } from "./clock.ts";
import type { ExpectTask, Opened, OpenTask, ReaderTask, Received } from "./messages.ts";

const SPACE = 0x20;
const STALL = 1000;

const sockets: Socket[] = [];
/** How many events each connection got. The data of each begins with its number in the load, which must be the next. */
let counts: number[] = [];
let target = 0;
/** How many readers wait, and how many of them have not got all yet. */
let readers = 0;
let missing = 0;
let latencies: number[] | undefined;
let received: Promise<Received> = Promise.resolve({ p99: 0 });
let settle: { resolve(received: Received): void; reject(error: Error): void } | undefined;

answerTasks({}, (task: ReaderTask) => {
  if (task.task === "open") return open(task);
  if (task.task === "expect") return expect(task);
  if (task.task === "await") return received;
  for (const socket of sockets.slice(task.from)) socket.pause();
  return undefined;
});

async function open({ port, path, connections, inFlight }: OpenTask): Promise<Opened> {
  const started = clock();
  let stalled = 0;
  counts = Array.from({ length: connections }, () => 0);
  const waiting = counts.keys();
  const worker = async (): Promise<void> => {
    for (const index of waiting) {
      const asked = clock();
      const resets = await openUntilTaken(index, { port, path });
      if (resets > 0 || clock() - asked >= STALL) stalled += 1;
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  return { total: clock() - started, stalled };
}

/**
 * Where the queue of a server is full the system drops what comes, and now and then resets a connection that its client
 * took for open. Clients come again then, as this one does; gives how often it had to.
 */
async function openUntilTaken(index: number, to: { port: number; path: string }): Promise<number> {
  for (let resets = 0; ; resets += 1) {
    try {
      await openOne(index, to);
      return resets;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "ECONNRESET") throw error;
    }
  }
}

function openOne(index: number, { port, path }: { port: number; path: string }): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1" });
    sockets[index] = socket;
    const target = path.replaceAll("{index}", `${index}`);
    socket.write(`GET ${target} HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n\r\n`);
    socket.once("error", reject).once("close", () => reject(new Error(`Reader ${index} was closed`)));
    let rest = "";
    let begun = false;
    socket.on("data", (bytes: Buffer) => {
      const text = rest === "" ? bytes.toString("latin1") : rest + bytes.toString("latin1");
      if (!begun) {
        begun = true;
        if (text.startsWith("HTTP/1.1 200")) resolve();
        else reject(new Error(`Reader ${index} got ${JSON.stringify(text.slice(0, 200))}`));
      }
      rest = text.slice(takeEvents(text, index));
    });
  });
}

/** Takes the events that a text has the beginning of; gives where the text begins that has to wait for more. */
function takeEvents(text: string, index: number): number {
  let at = text.indexOf("data:");
  while (at !== -1) {
    // Between "data:" and the number stand a space or none, and what a program quotes its data with.
    let from = at + 5;
    while (from < text.length && (text[from] === " " || text[from] === '"')) from += 1;
    const end = endOfNumber(text, from);
    const due = latencies === undefined ? end : endOfNumber(text, end + 1);
    if (due === text.length) return at;
    // A data line without a number is the program's own, as the empty one of a hub's cursor event is.
    if (end > from && text.charCodeAt(end) === SPACE) {
      take(index, Number(text.slice(from, end)));
      if (index < readers) latencies?.push(clock() - Number(text.slice(end + 1, due)) / 1000);
    }
    at = text.indexOf("data:", end);
  }
  return Math.max(0, text.length - 4);
}

function endOfNumber(text: string, from: number): number {
  let end = from;
  while (text.charCodeAt(end) >= 0x30 && text.charCodeAt(end) <= 0x39) end += 1;
  return Math.min(end, text.length);
}

function take(index: number, number: number): void {
  const expected = counts[index] ?? 0;
  if (number !== expected) {
    settle?.reject(new Error(`Reader ${index} got event ${number} where ${expected} was to come`));
    return;
  }
  counts[index] = expected + 1;
  if (expected + 1 === target && index < readers) {
    missing -= 1;
    if (missing === 0) settle?.resolve({ p99: latencies === undefined ? 0 : percentile99(latencies) });
  }
}

function expect({ events, readers: some = counts.length, latency = false }: ExpectTask): void {
  target = events;
  readers = some;
  missing = some;
  latencies = latency ? [] : undefined;
  counts.fill(0);
  received = new Promise((resolve, reject) => {
    settle = { resolve, reject };
  });
  // Whoever waits hears of it.
  received.catch(() => {});
}

function percentile99(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.ceil(values.length * 0.99) - 1] ?? 0;
}
