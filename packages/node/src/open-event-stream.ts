import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import { createEventStream, type EventStream, type EventStreamInit, type Transport } from "@ssekit/server";
import { mayPassBy } from "./direct-write.ts";
import { type FastifyReplyLike, type FastifyRequestLike, takeOver } from "./fastify-pair.ts";
import { Http2Transport } from "./http2-transport.ts";
import { NodeTransport } from "./node-transport.ts";
import { noteStream, serverOf } from "./server-streams.ts";

/** Options of one event stream on Node. */
export interface NodeEventStreamInit extends EventStreamInit {
  /**
   * Whether bytes may go straight to the socket, past `res.write`, which costs less. It is done only while readers
   * can't tell: never on HTTP/1.0, under middleware that replaces `res.write`, or while others have bytes in the
   * response. Switch it off where something patches `ServerResponse.prototype.write` to see all that is written.
   * Default: `true`.
   */
  directWrites?: boolean;
}

const never = (): boolean => false;

/**
 * Answers a request of `node:http`, of `node:http2`, or of what builds on their pair (Express, Koa's `ctx.req` and
 * `ctx.res`), with an event stream, and gives it open. Fastify's own request and reply do as well: the fields that
 * hooks have set are kept, and the reply is hijacked.
 *
 * Header fields that are on `res` already, such as CORS, stay; `init.headers` and the stream's own take the place of
 * those of the same name. The head leaves at the end of this turn, so that until then `hold` and `refuse` can decide
 * the status. `HEAD`, and a GET that does not accept event streams, get a stream that is closed from the start.
 *
 * @throws {TypeError} when the head of `res` has left already, or an option is wrong.
 * @throws {RangeError} when an option is out of range.
 *
 * @example
 * ```ts
 * import { createServer } from "node:http";
 * import { openEventStream } from "@ssekit/node";
 *
 * const server = createServer((req, res) => {
 *   const stream = openEventStream(req, res);
 *   stream.send({ data: "Hello world!" });
 * });
 * server.listen(0, "127.0.0.1", () => server.close());
 * ```
 */
export function openEventStream(
  req: IncomingMessage | Http2ServerRequest | FastifyRequestLike,
  res: ServerResponse | Http2ServerResponse | FastifyReplyLike,
  init: NodeEventStreamInit = {},
): EventStream {
  const isFastify = "hijack" in res;
  const raw = isFastify ? res.raw : res;
  const stream = open(isFastify ? (req as FastifyRequestLike).raw : (req as IncomingMessage), raw, init);
  if (isFastify) takeOver(res);
  // Last, for on a server that drains it closes the stream, whose head then leaves with the fields that it has by now.
  noteStream(stream, raw, isFastify ? res.server.server : serverOf(raw));
  return stream;
}

function open(
  req: IncomingMessage | Http2ServerRequest,
  res: ServerResponse | Http2ServerResponse,
  init: NodeEventStreamInit,
): EventStream {
  if (res.headersSent) {
    throw new TypeError(
      `Cannot open an event stream on ${req.method} ${req.url}: the head of this response has left; open it first`,
    );
  }
  const { method = "GET", url = "/", headers } = req;
  const get = (name: string): string | null => {
    const value = headers[name];
    return Array.isArray(value) ? value.join(", ") : (value ?? null);
  };
  return createEventStream({ method, url, headers: { get } }, transportOf(req, res, init), init);
}

function transportOf(
  req: IncomingMessage | Http2ServerRequest,
  res: ServerResponse | Http2ServerResponse,
  { directWrites = true }: NodeEventStreamInit,
): Transport {
  if ("stream" in res) return new Http2Transport(res);
  return new NodeTransport(req as IncomingMessage, res, directWrites ? mayPassBy : never);
}
