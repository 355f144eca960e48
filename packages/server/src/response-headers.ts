/** Header fields that the stream or the runtime decides; set by anyone else they break the framing. */
const RESERVED = ["content-type", "content-length", "transfer-encoding", "connection", "keep-alive"];

/**
 * The header fields of an event stream, with the caller's own. A caller may replace `cache-control` and
 * `x-accel-buffering`, the ones that keep caches and proxies from holding events back, but none of `RESERVED`:
 * that is a `TypeError`.
 */
export function responseHeaders(init?: HeadersInit): Headers {
  const headers = new Headers(init);
  for (const name of RESERVED) {
    if (!headers.has(name)) continue;
    throw new TypeError(`Cannot set the header ${name} of an event stream: it is decided by the stream, leave it out`);
  }
  headers.set("content-type", "text/event-stream");
  // no-transform: compression on the way would hold events back until its window is full.
  if (!headers.has("cache-control")) headers.set("cache-control", "no-cache, no-transform");
  if (!headers.has("x-accel-buffering")) headers.set("x-accel-buffering", "no");
  return headers;
}
