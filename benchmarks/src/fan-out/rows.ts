import type { IncomingMessage, ServerResponse } from "node:http";
import { encodeEvent } from "@ssekit/codec";
import { createHub } from "@ssekit/hub";
import { openEventStream } from "@ssekit/node";
import type { EventStream } from "@ssekit/server";
import { createChannel, createSession } from "better-sse";

/** One server program of a comparison. */
export interface FanOutRow {
  /** Takes a reader in. */
  open(req: IncomingMessage, res: ServerResponse): unknown;
  /** Sends one event to all readers. */
  publish(data: string): void;
  /** The end of a turn, for a program that gathers its events. */
  endTurn?(): void;
}

const HEAD = { "content-type": "text/event-stream", "cache-control": "no-cache, no-transform" };

/** A bare `node:http` response, left open after its first bytes. */
function openBare(res: ServerResponse): void {
  res.writeHead(200, HEAD);
  res.write(": \n\n");
}

/** What bare programs send: the event in the chunk framing of HTTP/1.1, built once. */
function framed(text: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
}

function textOf(data: string): string {
  return `data: ${data}\n\n`;
}

/** Every program, by the name that its row has. The first two are the floors of our goals. */
export const rows: Readonly<Record<string, () => FanOutRow>> = {
  "pre-framed, one write an event": () => {
    const sockets: NonNullable<ServerResponse["socket"]>[] = [];
    return {
      open: (_, res) => {
        openBare(res);
        if (res.socket !== null) sockets.push(res.socket);
      },
      publish: (data) => {
        const chunk = framed(textOf(data));
        for (const socket of sockets) socket.write(chunk);
      },
    };
  },
  "pre-framed, one write a turn": () => {
    const sockets: NonNullable<ServerResponse["socket"]>[] = [];
    let texts = "";
    return {
      open: (_, res) => {
        openBare(res);
        if (res.socket !== null) sockets.push(res.socket);
      },
      publish: (data) => {
        texts += textOf(data);
      },
      endTurn: () => {
        const chunk = framed(texts);
        texts = "";
        for (const socket of sockets) socket.write(chunk);
      },
    };
  },
  "ssekit streams, a bare loop": () => {
    const streams: EventStream[] = [];
    return {
      open: (req, res) => streams.push(openEventStream(req, res)),
      publish: (data) => {
        const bytes = encodeEvent({ data });
        for (const stream of streams) stream.write(bytes);
      },
    };
  },
  "ssekit hub": () => {
    const hub = createHub();
    return {
      open: (req, res) => hub.subscribe(openEventStream(req, res), "news"),
      publish: (data) => void hub.publish("news", { data }),
    };
  },
  "res.write, one an event": () => {
    const responses: ServerResponse[] = [];
    return {
      open: (_, res) => {
        openBare(res);
        responses.push(res);
      },
      publish: (data) => {
        const text = textOf(data);
        for (const response of responses) response.write(text);
      },
    };
  },
  "better-sse": () => {
    const channel = createChannel();
    return {
      open: async (req, res) => channel.register(await createSession(req, res)),
      publish: (data) => channel.broadcast(data),
    };
  },
};
