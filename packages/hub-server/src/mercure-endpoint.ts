import type { IncomingMessage, ServerResponse } from "node:http";
import type { EventStreamError } from "@ssekit/codec";
import { answerMethod, answerRefusal, answerText } from "./answer.ts";
import type { HubContext } from "./hub-context.ts";
import { mayPublish } from "./loopback.ts";
import { openStream } from "./open-stream.ts";
import { parsePublishForm } from "./publish-form.ts";
import { readForm } from "./read-form.ts";
import { isRefusal, type Refusal } from "./refusal.ts";
import { refuseMatchers } from "./refuse-matchers.ts";
import { parseSubscribeQuery } from "./subscribe-query.ts";

const METHODS = "GET, HEAD, POST, OPTIONS";

// Any page may read: on loopback nothing here is secret from this machine. Credentials never go with "*" (RULES B16).
const CORS = {
  "access-control-allow-origin": "*",
  "access-control-expose-headers": "Mercure-Last-Event-ID",
} as const;

const PREFLIGHT = {
  "access-control-allow-methods": METHODS,
  "access-control-allow-headers": "Authorization, Cache-Control, Content-Type, Last-Event-ID",
  "access-control-max-age": "600",
} as const;

/** Serves the endpoint of the Mercure protocol. Rejects on what isn't the sender's fault. */
export async function handleMercure(
  req: IncomingMessage,
  res: ServerResponse,
  { query, context }: { query: string; context: HubContext },
): Promise<void> {
  for (const [name, value] of Object.entries(CORS)) res.setHeader(name, value);
  switch (req.method) {
    case "GET":
    case "HEAD":
      return subscribe(req, res, { query, context });
    case "POST": {
      const outcome = await publish(req, context);
      return typeof outcome === "string" ? answerText(res, 200, outcome) : answerRefusal(res, outcome);
    }
    case "OPTIONS":
      return void res.writeHead(204, PREFLIGHT).end();
    default:
      return answerMethod(res, METHODS);
  }
}

async function subscribe(
  req: IncomingMessage,
  res: ServerResponse,
  { query, context }: { query: string; context: HubContext },
): Promise<void> {
  const matchers = parseSubscribeQuery(query);
  if (isRefusal(matchers)) return answerRefusal(res, matchers);
  const refusal = await refuseMatchers(context.hub, matchers);
  if (refusal !== undefined) return answerRefusal(res, refusal);
  const stream = openStream(req, res, context);
  const { hub, activity, feed } = context;
  await hub.subscribe(stream, matchers, {
    onOpen: ({ cursor }) => res.setHeader("mercure-last-event-id", headerOf(cursor)),
  });
  const leave = activity.subscribed(matchers);
  feed.changed();
  await stream.closed;
  leave();
  feed.changed();
}

async function publish(
  req: IncomingMessage,
  { hub, url, activity, feed, maxBodyBytes }: HubContext,
): Promise<string | Refusal> {
  const { origin } = req.headers;
  if (!mayPublish(origin)) {
    const reason = `Cannot publish from a page of ${origin}: this hub asks for no token, so only pages of this machine may: publish from a program`;
    return { status: 403, reason };
  }
  const body = await readForm(req, maxBodyBytes);
  if (isRefusal(body)) return body;
  const request = parsePublishForm(body, url);
  if (isRefusal(request)) return request;
  try {
    const id = await hub.publish(request.topics, request.event, { private: request.private });
    if (!request.private) activity.published(id, request.topics);
    feed.changed();
    return id;
  } catch (error) {
    return refusalOf(error);
  }
}

/** A publisher's id goes as the bytes in which a reader sends it back, each as one character. */
function headerOf(id: string): string {
  return Buffer.from(id).toString("latin1");
}

/** The answers to what a publisher can mend or wait out; anything else is thrown on. */
function refusalOf(error: unknown): Refusal {
  const { code, message } = error as EventStreamError;
  if (code === "id-conflict" || code === "ended") return { status: 409, reason: message };
  if (code === "log-unavailable") {
    const reason = "Cannot publish: the store of the log is away or full: try again soon, under the same id";
    return { status: 503, reason };
  }
  if (code === "closed") return { status: 503, reason: "Cannot publish: the hub is stopping: try again soon" };
  throw error;
}
