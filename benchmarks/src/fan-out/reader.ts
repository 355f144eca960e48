// All readers of the comparison, on raw sockets in one process, so that nothing but the server is measured.
import { connect } from "node:net";
import type { ReaderAnswer, ReaderTask } from "./messages.ts";

/** How many connections are opened at once. */
const IN_FLIGHT = 256;
const SPACE = 0x20;
const LINE_FEED = 0x0a;

/** How many events each connection got; the data of each begins with its number in the load, which must be the next. */
let counts: number[] = [];
let target = 0;
let missing = 0;

process.on("message", (task: ReaderTask) => void (task.task === "open" ? open(task) : wait(task)));

async function open({ port, connections }: Extract<ReaderTask, { task: "open" }>): Promise<void> {
  counts = Array.from({ length: connections }, () => 0);
  const waiting = counts.keys();
  const worker = async (): Promise<void> => {
    for (const index of waiting) await openOne(port, index);
  };
  await Promise.all(Array.from({ length: IN_FLIGHT }, worker));
  done();
}

function openOne(port: number, index: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const socket = connect({ port, host: "127.0.0.1" });
    socket.write("GET /events HTTP/1.1\r\nHost: bench\r\nAccept: text/event-stream\r\n\r\n");
    socket.once("data", () => resolve()).once("error", reject);
    let rest = "";
    socket.on("data", (bytes: Buffer) => {
      // Whole data lines only; what is behind the last line feed waits for more.
      const text = rest + bytes.toString("latin1");
      const end = text.lastIndexOf("\n") + 1;
      rest = text.slice(end);
      countEvents(text, { index, end });
    });
  });
}

function countEvents(text: string, { index, end }: { index: number; end: number }): void {
  let at = text.indexOf("data:");
  while (at !== -1 && at < end) {
    // Between "data:" and the number stand a space or none, and what a program quotes its data with.
    let from = at + 5;
    while (!isDigit(text.charCodeAt(from)) && text.charCodeAt(from) !== LINE_FEED) from += 1;
    let number = 0;
    let digits = from;
    for (; isDigit(text.charCodeAt(digits)); digits += 1) number = number * 10 + text.charCodeAt(digits) - 0x30;
    // A data line without a number is the program's own, as the empty one of a hub's cursor event is.
    if (digits > from && text.charCodeAt(digits) === SPACE) take(index, number);
    at = text.indexOf("data:", digits);
  }
}

function take(index: number, number: number): void {
  const expected = counts[index] ?? 0;
  if (number !== expected) throw new Error(`Reader ${index} got event ${number} where ${expected} was to come`);
  counts[index] = expected + 1;
  if (expected + 1 === target) {
    missing -= 1;
    if (missing === 0) done();
  }
}

function wait({ events }: Extract<ReaderTask, { task: "await" }>): void {
  target = events;
  missing = counts.length;
  counts.fill(0);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function done(): void {
  const answer: ReaderAnswer = { done: true };
  process.send?.(answer);
}
