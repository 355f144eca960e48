import { acceptsEventStream } from "./accepts-event-stream.ts";
import type { RequestHead } from "./transport.ts";

/**
 * The status of a request that gets no stream: 406 where `Accept` excludes one, 200 for `HEAD`; `undefined` for all
 * others. On other methods `Accept` is not looked at, since LLM clients send `application/json` (RULES B13, B15).
 */
export function statusWithoutBody({ method, headers }: RequestHead): number | undefined {
  if (method !== "GET" && method !== "HEAD") return undefined;
  if (!acceptsEventStream(headers.get("accept"))) return 406;
  return method === "HEAD" ? 200 : undefined;
}
