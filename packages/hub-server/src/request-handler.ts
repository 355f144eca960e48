import type { IncomingMessage, RequestListener, ServerResponse } from "node:http";
import { answer, answerMethod, answerRefusal } from "./answer.ts";
import type { HubContext } from "./hub-context.ts";
import { handleLive } from "./live-endpoint.ts";
import { readLivePage } from "./live-page.ts";
import { handleMercure } from "./mercure-endpoint.ts";
import { MERCURE_PATH } from "./publish-form.ts";

type Handler = (req: IncomingMessage, res: ServerResponse, query: string) => void | Promise<void>;

/** Answers the requests of a hub server, each with something; what goes wrong on its side is reported and 500. */
export function requestHandler(context: HubContext): RequestListener {
  const handlers = new Map<string, Handler>([
    ...readLivePage(),
    [MERCURE_PATH, (req, res, query) => handleMercure(req, res, { query, context })],
    ["/live", (req, res) => handleLive(req, res, context)],
    ["/healthz", (req, res) => handleHealth(req, res, context)],
  ]);
  const { metricsPage } = context;
  if (metricsPage !== undefined) handlers.set("/metrics", (req, res) => handleMetrics(req, res, metricsPage));
  return async (req, res) => {
    const { path, query } = splitTarget(req.url ?? "/");
    try {
      await (handlers.get(path) ?? handleUnknown)(req, res, query);
    } catch (error) {
      // A sender that went away while its body was read is no fault of anyone here.
      if (req.errored === null || req.errored !== error) context.onError(error);
      // A log that can't be used has closed the stream, which answers 200 at the end of this turn: any other status would
      // stop its reader for good.
      const isClosedStream = (error as { code?: unknown }).code === "log-unavailable";
      if (!res.headersSent && !isClosedStream)
        answerRefusal(res, {
          status: 500,
          reason: "Cannot answer: the hub failed, and has reported why: look at its output",
        });
    }
  };
}

/** Asks the log for its head, so that a hub that can't reach its store doesn't call itself well (RULES B39). */
async function handleHealth(req: IncomingMessage, res: ServerResponse, { hub }: HubContext): Promise<void> {
  if (req.method !== "GET" && req.method !== "HEAD") return answerMethod(res, "GET, HEAD");
  const reason = await hub.cursor().then(
    () => undefined,
    (error: Error) => error.message,
  );
  const text = JSON.stringify({
    status: reason === undefined ? "ok" : "unavailable",
    connections: hub.count(),
    reason,
  });
  answer(res, reason === undefined ? 200 : 503, { type: "application/json", text });
}

async function handleMetrics(
  req: IncomingMessage,
  res: ServerResponse,
  metricsPage: NonNullable<HubContext["metricsPage"]>,
): Promise<void> {
  if (req.method !== "GET" && req.method !== "HEAD") return answerMethod(res, "GET, HEAD");
  answer(res, 200, await metricsPage());
}

function handleUnknown(_req: IncomingMessage, res: ServerResponse): void {
  answerRefusal(res, { status: 404, reason: `Cannot find this path: the hub is at ${MERCURE_PATH}, its page at /` });
}

/** Path and query of a request target. By hand, for `new URL` throws on some that arrive; proxies send whole URLs. */
function splitTarget(target: string): { path: string; query: string } {
  const [, path = "", query = ""] = /^(?:https?:\/\/[^/?#]*)?([^?#]*)\??([^#]*)/i.exec(target) ?? [];
  return { path, query };
}
