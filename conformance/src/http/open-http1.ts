import { connect, type Socket } from "node:net";
import { connect as connectTls } from "node:tls";
import { AttachmentError } from "../attachment.ts";
import { type Field, mergeFields, type Request, type WireLog } from "./request.ts";
import { ResponseParser } from "./response-parser.ts";
import { type ReadOptions, StreamReader } from "./stream-reader.ts";

/** Sends a request of HTTP/1 on a connection of its own, byte for byte as it is given. */
export async function openHttp1(request: Request, wire: WireLog, options?: ReadOptions): Promise<StreamReader> {
  const { url, method = "GET", version = "1.1", body, tls } = request;
  const socket = await openSocket(url, { ...tls, protocols: ["http/1.1"] });
  const reader = new StreamReader(
    {
      pause: () => socket.pause(),
      resume: () => socket.resume(),
      // A connection of TLS can't be reset from here: it breaks off without TLS's own goodbye.
      leave: (how) => (how === "reset" && !("encrypted" in socket) ? socket.resetAndDestroy() : socket.destroy()),
    },
    options,
  );
  const parser = new ResponseParser(method, {
    onHead: (head) => reader.begin(head),
    onBody: (bytes) => reader.receive(bytes),
    onComplete: () => reader.end("complete"),
    onFault: (fault) => reader.fault(fault),
  });
  let wasReset = false;
  socket.on("error", () => {
    wasReset = true;
  });
  socket.on("data", (bytes: Buffer) => {
    wire("received", bytes);
    parser.feed(bytes);
  });
  socket.on("close", () => reader.end(wasReset ? "reset" : parser.isCutByClose ? "cut" : "complete"));
  const length: Field[] = body === undefined ? [] : [["Content-Length", String(Buffer.byteLength(body))]];
  const fields = mergeFields([["Host", url.host]], request.fields, length);
  const lines = [`${method} ${url.pathname}${url.search} HTTP/${version}`, ...fields.map((field) => field.join(": "))];
  const bytes = Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), Buffer.from(body ?? "")]);
  wire("sent", Uint8Array.from(bytes));
  socket.write(bytes);
  return reader;
}

/** Connects, over TLS for `https:`. */
export async function openSocket(
  url: URL,
  { ca, insecure, protocols }: { ca?: string | undefined; insecure?: boolean | undefined; protocols: string[] },
): Promise<Socket> {
  const host = url.hostname.replaceAll(/^\[|\]$/g, "");
  const isTls = url.protocol === "https:";
  const port = Number(url.port || (isTls ? 443 : 80));
  const socket = isTls
    ? connectTls({
        host,
        port,
        // An address is no server name.
        ...(/^[\d.]+$|:/.test(host) ? {} : { servername: host }),
        ALPNProtocols: protocols,
        rejectUnauthorized: insecure !== true,
        ...(ca !== undefined && { ca }),
      })
    : connect({ host, port });
  await new Promise<void>((resolve, reject) => {
    socket.once(isTls ? "secureConnect" : "connect", resolve);
    socket.once("error", (error) => {
      reject(new AttachmentError(`Cannot connect to ${url.origin}: ${error.message}; does the subject listen there?`));
    });
  });
  socket.setNoDelay(true);
  return socket;
}
