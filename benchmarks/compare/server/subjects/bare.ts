import type { ServerResponse } from "node:http";

/** The head of a bare program's response. */
export const HEAD = { "content-type": "text/event-stream", "cache-control": "no-cache, no-transform" };

/** The first bytes of each. */
export const FIRST = ": \n\n";

/** A bare `node:http` response, left open after its first bytes. */
export function openBare(res: ServerResponse): void {
  res.writeHead(200, HEAD);
  res.write(FIRST);
}

/** An event as bare programs send it. */
export function textOf(data: string): string {
  return `data: ${data}\n\n`;
}

/** The same in the chunk framing of HTTP/1.1, to be built once for all readers. */
export function framed(text: string): Buffer {
  return Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);
}
