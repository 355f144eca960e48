import type { RequestHead } from "./transport.ts";

/**
 * The cursor that a request brings: the `Last-Event-ID` header, else the query's `lastEventId`, else its
 * `last_event_id`. The header wins, for a reconnecting EventSource repeats the URL that it began with (RULES B35). An
 * empty cursor is a value; without one it is `undefined`.
 */
export function readLastEventId({ headers, url }: RequestHead): string | undefined {
  const header = headers.get("last-event-id");
  if (header !== null) return decodeHeader(header);
  // By hand: `new URL` throws on paths that arrive, such as "//".
  const start = url.indexOf("?");
  if (start < 0) return undefined;
  const query = new URLSearchParams(url.slice(start + 1).replace(/#.*/s, ""));
  return query.get("lastEventId") ?? query.get("last_event_id") ?? undefined;
}

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Readers send the id's UTF-8 bytes (WHATWG HTML 9.2.3), and runtimes give each byte as one character. Text that
 * can't have come about so is left as it is: such an id is unknown to whoever looks it up.
 */
function decodeHeader(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the range of a byte
  if (/^[\x00-\x7f]*$/.test(value) || /[^\x00-\xff]/.test(value)) return value;
  try {
    return utf8.decode(Uint8Array.from(value, (character) => character.charCodeAt(0)));
  } catch {
    return value;
  }
}
