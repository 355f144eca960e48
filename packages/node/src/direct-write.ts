import { ServerResponse } from "node:http";
import { Socket } from "node:net";

/** What must hold for bytes to go straight to the socket. */
export const DIRECT_CONDITIONS = [
  "our first write has left",
  "the socket is a net.Socket",
  "the response has not ended",
  "the response is not destroyed",
  "the body is chunked",
  "write() is Node's own",
  "nothing waits in the response",
] as const;

/** One of {@linkcode DIRECT_CONDITIONS}. */
export type DirectCondition = (typeof DIRECT_CONDITIONS)[number];

/**
 * Whether a write may pass `res` by, looked up at each write: where a condition fails, bytes would overtake others, be
 * framed wrongly, or land in another's response (HUB A5).
 *
 * @param begun whether the callback of our own first `res.write` has fired
 * @param except a condition to leave out, for the test which shows that readers would notice
 */
export function mayPassBy(res: ServerResponse, begun: boolean, except?: DirectCondition): boolean {
  const { socket } = res;
  return (
    // The head is out: `headersSent` is true before it is.
    (begun || except === "our first write has left") &&
    // Null while a pipelined response waits for its turn and once it has finished; tools that run a handler in memory
    // give an object of their own, which may count on the pieces that Node writes.
    (socket instanceof Socket || except === "the socket is a net.Socket") &&
    (!res.writableEnded || except === "the response has not ended") &&
    (!res.destroyed || except === "the response is not destroyed") &&
    // Not to HTTP/1.0, and not where others chose to end the body by closing.
    (res.chunkedEncoding || except === "the body is chunked") &&
    // Middleware that compresses, counts or logs replaces it.
    (res.write === ServerResponse.prototype.write || except === "write() is Node's own") &&
    // Under `cork()`, and until the end of the turn on Node 26, what others write waits in the response.
    (res.writableLength === socket?.writableLength || except === "nothing waits in the response")
  );
}

const frames = new WeakMap<Uint8Array, Buffer>();

/** These bytes as a chunk of HTTP/1.1 (RFC 9112, 7.1), framed once for all who send the same bytes. */
export function frameChunk(bytes: Uint8Array): Buffer {
  let frame = frames.get(bytes);
  if (frame === undefined) {
    const size = `${bytes.length.toString(16)}\r\n`;
    frame = Buffer.allocUnsafe(size.length + bytes.length + 2);
    frame.write(size, "latin1");
    frame.set(bytes, size.length);
    frame.write("\r\n", frame.length - 2, "latin1");
    frames.set(bytes, frame);
  }
  return frame;
}
