import { once } from "node:events";
import { createServer, IncomingMessage, ServerResponse } from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import { Duplex } from "node:stream";
import { encodeEvent } from "@ssekit/codec";
import { createEventStream } from "@ssekit/server";
import { NodeTransport } from "../src/node-transport.ts";

/** What happens to a response: through its stream, by other code that has it, or by the reader. */
export type Step =
  | "send"
  | "send much"
  | "others write"
  | "cork"
  | "uncork"
  | "wrap write()"
  | "others end"
  | "others give up"
  | "read"
  | "end the turn"
  | "settle";

/** Responses on one connection, each with its steps. */
export interface ResponseProgram {
  /** A connection, or an object that stands for one and takes the pieces that Node writes. */
  socket: "tcp" | "memory";
  /** Whether all requests are sent at once, or each after the response before. */
  pipelined: boolean;
  /** The version of the last request; the ones before are HTTP/1.1. */
  last: "1.0" | "1.1";
  responses: Step[][];
}

/** More than a connection whose reader takes nothing has room for. */
const MUCH = "x".repeat(6 * 2 ** 20);
const much = encodeEvent({ data: MUCH });
/** Milliseconds in which nothing comes: only a condition that is missing makes a response that never ends. */
const SILENCE = 2_000;

/** Whether a write may go straight to the socket. */
export type MayPassBy = (res: ServerResponse, begun: boolean) => boolean;

/** Runs a program with this rule for direct writes, and gives what its reader got. */
export async function runProgram(program: ResponseProgram, mayPassBy: MayPassBy): Promise<unknown> {
  return program.socket === "memory" ? runInMemory(program, mayPassBy) : runOverTcp(program, mayPassBy);
}

async function runOverTcp({ pipelined, last, responses }: ResponseProgram, mayPassBy: MayPassBy): Promise<unknown> {
  const running: Promise<void>[] = [];
  const over: Promise<unknown>[] = [];
  const server = createServer({ keepAliveTimeout: 60_000 }, (req, res) => {
    const steps = responses[Number(req.url?.slice(1))] ?? [];
    over.push(new Promise((resolve) => res.once("close", resolve)));
    running.push(runSteps(steps, { req, res, mayPassBy, read: () => reader.resume() }));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const reader = connect((server.address() as AddressInfo).port, "127.0.0.1");
  const pieces: Buffer[] = [];
  const silence = setTimeout(() => reader.destroy(), SILENCE);
  reader.on("data", (piece: Buffer) => {
    pieces.push(piece);
    silence.refresh();
  });
  reader.on("error", () => {}).pause();
  const closed = new Promise<void>((resolve) => reader.on("close", () => resolve()));

  for (const index of responses.keys()) {
    const isLast = index === responses.length - 1;
    const arrived = once(server, "request");
    const version = isLast ? last : "1.1";
    reader.write(`GET /${index} HTTP/${version}\r\nHost: a\r\n${isLast ? "Connection: close\r\n" : ""}\r\n`);
    if (pipelined && !isLast) continue;
    await Promise.race([arrived, closed]);
    await Promise.all(running);
    silence.refresh();
    reader.resume();
    // Else it would depend on the kernel whether the next response has its socket yet.
    await Promise.race([Promise.all(over), closed]);
  }
  await closed;
  clearTimeout(silence);
  await Promise.all(running);
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  return readResponses(Buffer.concat(pieces).toString("latin1"));
}

async function runInMemory({ responses }: ResponseProgram, mayPassBy: MayPassBy): Promise<unknown> {
  const socket = new PieceSocket();
  const req = new IncomingMessage(socket as unknown as Socket);
  Object.assign(req, { method: "GET", httpVersionMajor: 1, httpVersionMinor: 1 });
  const res = new ServerResponse(req);
  res.assignSocket(socket as unknown as Socket);
  const finished = once(res, "finish");
  await runSteps(responses[0] ?? [], { req, res, mayPassBy, read: () => {} });
  await finished;
  return socket.body.replaceAll(MUCH, "much");
}

interface Running {
  req: IncomingMessage;
  res: ServerResponse;
  mayPassBy: MayPassBy;
  read: () => void;
}

async function runSteps(steps: readonly Step[], { req, res, mayPassBy, read }: Running): Promise<void> {
  res.sendDate = false;
  const stream = createEventStream(
    { method: "GET", url: "/", headers: { get: () => null } },
    new NodeTransport(req, res, mayPassBy),
    { heartbeat: false, maxBufferedBytes: 2 ** 28, onError: () => {} },
  );
  // Others do nothing before the head, which is the stream's to decide, nor what is an error after the end.
  const open = (): boolean => res.headersSent && !res.writableEnded;
  const actions: Record<Step, (index: number) => unknown> = {
    send: (index) => stream.send({ data: `sent ${index}` }),
    "send much": () => stream.write(much),
    "others write": (index) => open() && res.write(`: written by others ${index}\n\n`),
    // Not before the socket is there, nor after the end: Node loses its count of those.
    cork: () => open() && res.socket && res.cork(),
    uncork: () => res.writableCorked && res.uncork(),
    "wrap write()": () => {
      const write = res.write.bind(res) as (chunk: unknown, callback?: unknown) => boolean;
      res.write = (chunk: unknown, callback?: unknown) =>
        write(chunk instanceof Uint8Array && chunk.length < 99 ? `<${Buffer.from(chunk)}>` : chunk, callback);
    },
    // Neither while corked: Node 22 and 24 write the end before what waits, and what waits is lost with a response.
    "others end": () => open() && res.writableCorked === 0 && res.end(),
    // What destroy() says of a response at once, without the connection, of which an unknown part would go along.
    "others give up": () => open() && res.writableCorked === 0 && Object.assign(res, { destroyed: true }),
    read,
    "end the turn": nextTurn,
    settle: async () => {
      for (let turns = 0; turns < 20 && (turns === 0 || res.writableLength > 0); turns++) await nextTurn();
    },
  };
  await nextTurn();
  for (const [index, step] of steps.entries()) await actions[step](index);
  await nextTurn();
  stream.close();
  if (!res.writableEnded) res.end();
}

/** Strictly: what is no response comes as it is. */
function readResponses(text: string): unknown[] {
  const responses: unknown[] = [];
  let rest = text;
  while (rest !== "") {
    const end = rest.indexOf("\r\n\r\n") + 4;
    const head = rest.slice(0, end);
    if (!head.startsWith("HTTP/1.1 200 OK\r\n")) return [...responses, { malformed: rest.replaceAll(MUCH, "much") }];
    rest = rest.slice(end);
    let body = "";
    if (!/transfer-encoding: chunked/i.test(head)) {
      body = rest;
      rest = "";
    }
    for (let size = -1; size !== 0 && rest !== ""; ) {
      const [line = "", digits = ""] = /^([0-9a-f]+)\r\n/.exec(rest.slice(0, 20)) ?? [];
      size = Number.parseInt(digits, 16);
      const next = line.length + size + 2;
      if (!rest.startsWith("\r\n", next - 2)) return [...responses, head, { malformed: rest.replaceAll(MUCH, "much") }];
      body += size === 0 ? "<end>" : rest.slice(line.length, next - 2);
      rest = rest.slice(next);
    }
    responses.push({ head, body: body.replaceAll(MUCH, "much") });
  }
  return responses;
}

/** Takes the pieces that Node writes for what they are, as adapters to serverless platforms do. */
class PieceSocket extends Duplex {
  body = "";

  override _read(): void {}

  override _write(piece: Buffer, _encoding: string, done: () => void): void {
    const text = piece.toString("latin1");
    if (!text.startsWith("HTTP/1.1 ") && !/^([0-9a-f]*\r\n)+$/.test(text)) this.body += text;
    done();
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
