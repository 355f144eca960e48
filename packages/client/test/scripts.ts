import type { Script } from "testing";

/** 204: do not come back. */
export const noContent: Script = (c) => c.head("204 No Content").end();

/** A stream that stays open. */
export function stream(text: string | Uint8Array, ...fields: string[]): Script {
  return (c) => c.head("200 OK", ...fields).write(text);
}

/** A stream that ends. */
export function short(text: string, ...fields: string[]): Script {
  return (c) =>
    c
      .head("200 OK", ...fields)
      .write(text)
      .end();
}

/** An answer that is no stream. */
export function status(line: string, ...fields: string[]): Script {
  return (c) => c.head(line, "Content-Length: 0", ...fields).end();
}

/** A response that is an event stream, for a `fetch` of a test's own. */
export function eventStream(body: BodyInit): Response {
  return new Response(body, { headers: { "content-type": "text/event-stream" } });
}

/** Lets run all that is queued: tasks run in the order in which they were queued. */
export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
