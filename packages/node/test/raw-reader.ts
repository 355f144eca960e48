import { once } from "node:events";
import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  request,
  type Server,
  type ServerResponse,
} from "node:http";
import { type AddressInfo, connect, type Socket } from "node:net";
import type { EventStream } from "@ssekit/server";
import { afterEach, expect } from "vitest";
import { type NodeEventStreamInit, openEventStream } from "../src/open-event-stream.ts";

/** The first chunk of a stream. */
export const FIRST = ": \n\n";
/** What is done after each test. */
export const cleanups: (() => void)[] = [];

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup();
});

/** What answers a request. */
export type Listener = (req: IncomingMessage, res: ServerResponse) => unknown;

/** Starts a server for one test. */
export async function serve(listener: Listener): Promise<{ server: Server; port: number }> {
  const server = createServer(listener);
  cleanups.push(() => {
    server.close();
    server.closeAllConnections();
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  return { server, port: (server.address() as AddressInfo).port };
}

/** A reader on a raw socket, which keeps all that it gets. */
export class RawReader {
  readonly socket: Socket;
  text = "";
  #heard: () => void = () => {};

  constructor(port: number) {
    this.socket = connect(port, "127.0.0.1");
    this.socket.setEncoding("latin1");
    this.socket.on("error", () => {});
    for (const event of ["data", "close"] as const) {
      this.socket.on(event, (chunk: unknown) => {
        if (event === "data") this.text += chunk;
        this.#heard();
      });
    }
    cleanups.push(() => this.socket.destroy());
  }

  send(method: string, headers: string[] = [], version = "1.1"): void {
    this.socket.write(`${[`${method} /events HTTP/${version}`, "Host: localhost", ...headers].join("\r\n")}\r\n\r\n`);
  }

  async until(part: string): Promise<void> {
    let from = 0;
    while (!this.text.includes(part, from)) {
      // What was searched is not searched again, for it may be megabytes.
      from = Math.max(0, this.text.length - part.length);
      expect(this.socket.destroyed).toBe(false);
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }
}

/** A stream and both its ends. */
export interface Fixture {
  server: Server;
  reader: RawReader;
  stream: EventStream;
  res: ServerResponse;
}

/** A stream whose first bytes a raw reader has got. */
export async function opened(init?: NodeEventStreamInit): Promise<Fixture> {
  const streams: { stream: EventStream; res: ServerResponse }[] = [];
  const { server, port } = await serve((req, res) => streams.push({ stream: openEventStream(req, res, init), res }));
  const reader = new RawReader(port);
  reader.send("GET");
  await reader.until(FIRST);
  const [first] = streams;
  if (first === undefined) return expect.unreachable();
  return { server, reader, ...first };
}

/** What a request that gets no stream is answered. */
export async function answer(
  listener: Listener,
  method: string,
  headers: Record<string, string> = {},
): Promise<{ status: number | undefined; headers: IncomingHttpHeaders; body: string }> {
  const { port } = await serve(listener);
  const sent = request({ port, host: "127.0.0.1", method, headers }).end();
  const [response] = (await once(sent, "response")) as [IncomingMessage];
  let body = "";
  for await (const chunk of response) body += chunk;
  return { status: response.statusCode, headers: response.headers, body };
}
