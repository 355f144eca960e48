import type { Socket } from "node:net";
import type { ServerSubject } from "../../src/server/server-subject.ts";
import type { Mutant } from "../mutant.ts";
import { Http2ReferenceServer } from "./http2-server.ts";
import { serverMutant } from "./server-mutant.ts";

/** Types of frames (RFC 9113, 6). */
const HEADERS = 1;
const SETTINGS = 4;
const ACK = 1;
const END_HEADERS = 4;

/** Sends Connection and Keep-Alive, frame by frame, for Node's own HTTP/2 refuses to. */
export const malformedHttp2: Mutant<ServerSubject> = serverMutant(
  "connection-over-http2",
  { fault: "The head has Connection: keep-alive over HTTP/2 too.", killedBy: "http2/well-formed" },
  () =>
    class extends Http2ReferenceServer {
      override connectHttp2(socket: Socket): void {
        socket.on("error", () => {});
        socket.write(frame(SETTINGS, 0, 0, Buffer.alloc(0)));
        socket.resume();
        let bytes = Buffer.alloc(0);
        let isGreeted = false;
        socket.on("data", (chunk: Buffer) => {
          bytes = Buffer.concat([bytes, chunk]);
          if (!isGreeted && bytes.length >= 24) {
            bytes = bytes.subarray(24);
            isGreeted = true;
          }
          while (isGreeted && bytes.length >= 9 && bytes.length >= 9 + bytes.readUIntBE(0, 3)) {
            const [length, type, flags, stream] = [
              bytes.readUIntBE(0, 3),
              bytes[3],
              bytes[4] ?? 0,
              bytes.readUInt32BE(5),
            ];
            bytes = bytes.subarray(9 + length);
            if (type === SETTINGS && (flags & ACK) === 0) socket.write(frame(SETTINGS, ACK, 0, Buffer.alloc(0)));
            if (type === HEADERS) socket.write(frame(HEADERS, END_HEADERS, stream, MALFORMED_HEAD));
          }
        });
      }
    },
);

function frame(type: number, flags: number, stream: number, payload: Buffer): Buffer {
  const head = Buffer.alloc(9);
  head.writeUIntBE(payload.length, 0, 3);
  head[3] = type;
  head[4] = flags;
  head.writeUInt32BE(stream, 5);
  return Buffer.concat([head, payload]);
}

/** A field that HPACK neither indexes nor compresses (RFC 7541, 6.2.2). */
function literal(name: string, value: string): Buffer {
  return Buffer.concat([Buffer.of(0, name.length), Buffer.from(name), Buffer.of(value.length), Buffer.from(value)]);
}

/** `:status: 200` is the eighth of HPACK's static table. */
const MALFORMED_HEAD = Buffer.concat([
  Buffer.of(0x88),
  literal("content-type", "text/event-stream"),
  literal("connection", "keep-alive"),
]);
