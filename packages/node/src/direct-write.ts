import { ServerResponse } from "node:http";
import { Socket } from "node:net";

/** Whether a write may pass `res` by; `begun`: the callback of our own first `res.write` has fired. */
export type DirectCondition = (res: ServerResponse, begun: boolean) => boolean;

/**
 * What must all hold, looked up at each write, for bytes to go straight to the socket. Each stands for a way in which
 * they would otherwise overtake others, be framed wrongly, or land in another's response (HUB A5).
 */
export const DIRECT_CONDITIONS: Readonly<Record<string, DirectCondition>> = {
  // The head is out: `headersSent` is true before it is.
  "our first write has left": (_res, begun) => begun,
  // Null while a pipelined response waits for its turn and once it has finished; tools that run a handler in memory
  // give an object of their own, which may count on the pieces that Node writes.
  "the socket is a net.Socket": ({ socket }) => socket instanceof Socket,
  "the response has not ended": (res) => !res.writableEnded,
  "the response is not destroyed": (res) => !res.destroyed,
  // Not to HTTP/1.0, and not where others chose to end the body by closing.
  "the body is chunked": (res) => res.chunkedEncoding,
  // Middleware that compresses, counts or logs replaces it.
  "write() is Node's own": (res) => res.write === ServerResponse.prototype.write,
  // Under `cork()`, and until the end of the turn on Node 26, what others write waits in the response.
  "nothing waits in the response": (res) => res.writableLength === res.socket?.writableLength,
};

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
