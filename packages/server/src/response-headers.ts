import type { HeaderList } from "./transport.ts";

/** Header fields that the stream or the runtime decides; set by anyone else they break the framing. */
const RESERVED = ["content-type", "content-length", "transfer-encoding", "connection", "keep-alive"];

/** What keeps caches and proxies from holding events back; no-transform: compression would, until its window is full. */
const OWN: HeaderList = [
  ["content-type", "text/event-stream"],
  ["cache-control", "no-cache, no-transform"],
  ["x-accel-buffering", "no"],
];

/**
 * The header fields of an event stream, with the caller's own. A caller may replace `cache-control` and
 * `x-accel-buffering`, but none of `RESERVED`: that is a `TypeError`. Without fields of a caller the list is always the
 * same one, since a `Headers` for each stream costs more than all else that opening it does.
 */
export function responseHeaders(init?: RequestInit["headers"]): HeaderList {
  if (init === undefined) return OWN;
  const headers = new Headers(init);
  for (const name of RESERVED) {
    if (!headers.has(name)) continue;
    throw new TypeError(`Cannot set the header ${name} of an event stream: it is decided by the stream; leave it out`);
  }
  return [...OWN.filter(([name]) => !headers.has(name)), ...headers];
}
