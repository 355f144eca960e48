/** The header fields of a request for an event stream, added to those that the caller gives, save where they have it. */
export function eventStreamHeaders(lastEventId: string, given?: HeadersInit): Headers {
  const headers = new Headers(given);
  if (!headers.has("accept")) headers.set("accept", "text/event-stream");
  // Deno and Bun don't derive it from the cache mode as Fetch says. Browsers do, and there a field of the program's own
  // would cost a preflight of other origins, by a redirect too.
  const { location } = globalThis as { location?: Location };
  if (location === undefined) headers.set("cache-control", "no-cache");
  // A header value is bytes, one in each character.
  if (lastEventId !== "") headers.set("last-event-id", String.fromCharCode(...new TextEncoder().encode(lastEventId)));
  return headers;
}
