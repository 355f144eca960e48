import { type ClientHttp2Stream, connect, constants, type IncomingHttpHeaders } from "node:http2";
import type { TLSSocket } from "node:tls";
import { openSocket } from "./open-http1.ts";
import { type Field, mergeFields, type Request, type WireLog } from "./request.ts";
import { type ReadOptions, StreamReader } from "./stream-reader.ts";

/**
 * Sends a request of HTTP/2 on a connection of its own. `undefined` if the server speaks no HTTP/2: it is asked by ALPN,
 * or over `http:` by simply speaking it.
 */
export async function openHttp2(
  request: Request,
  wire: WireLog,
  options?: ReadOptions,
): Promise<StreamReader | undefined> {
  const { url, method = "GET", body, tls } = request;
  const socket = await openSocket(url, { ...tls, protocols: ["h2", "http/1.1"] });
  if (url.protocol === "https:" && (socket as TLSSocket).alpnProtocol !== "h2") {
    socket.destroy();
    return undefined;
  }
  const session = connect(url.origin, { createConnection: () => socket });
  const isSpoken = await new Promise<boolean>((resolve) => {
    session.once("remoteSettings", () => resolve(true));
    session.once("close", () => resolve(false));
    session.on("error", () => resolve(false));
    // A server that speaks HTTP/1 alone may wait for the rest of a request that never comes.
    session.setTimeout(SETTINGS_TIMEOUT, () => resolve(false));
  });
  session.setTimeout(0);
  if (!isSpoken) {
    session.destroy();
    return undefined;
  }
  const fields = mergeFields([], request.fields).map(([name, value]) => [name.toLowerCase(), value]);
  const asked = { ":method": method, ":path": url.pathname + url.search, ...Object.fromEntries(fields) };
  wire("sent", `HTTP/2 ${JSON.stringify(asked)}\n${body ?? ""}`);
  const stream = session.request(asked, { endStream: body === undefined });
  if (body !== undefined) stream.end(body);
  const reader = new StreamReader(
    {
      pause: () => stream.pause(),
      resume: () => stream.resume(),
      leave: (how) => (how === "reset" ? session.destroy() : stream.close(constants.NGHTTP2_CANCEL)),
    },
    options,
  );
  listen(stream, reader, wire);
  return reader;
}

/** Milliseconds that a server gets to answer the preface. */
const SETTINGS_TIMEOUT = 1_000;

function listen(stream: ClientHttp2Stream, reader: StreamReader, wire: WireLog): void {
  stream.on("response", (headers, _flags, raw?: string[]) => {
    const head = { version: "HTTP/2", status: Number(headers[":status"]), fields: fieldsOf(headers, raw) };
    wire("received", `HTTP/2 ${head.status}\n${head.fields.map((field) => field.join(": ")).join("\n")}\n\n`);
    reader.begin(head);
  });
  stream.on("data", (bytes: Uint8Array) => {
    wire("received", bytes);
    reader.receive(bytes);
  });
  stream.on("error", (error) => {
    if (stream.rstCode === constants.NGHTTP2_PROTOCOL_ERROR) {
      reader.fault(`the response is malformed in HTTP/2 (${error.message})`);
    }
  });
  stream.on("close", () => {
    const isWhole = stream.rstCode === constants.NGHTTP2_NO_ERROR && stream.readableEnded;
    reader.end(isWhole ? "complete" : "cut");
  });
}

function fieldsOf(headers: IncomingHttpHeaders, raw: string[] | undefined): Field[] {
  if (raw !== undefined) {
    const pairs: Field[] = [];
    for (let at = 0; at < raw.length; at += 2) pairs.push([raw[at] ?? "", raw[at + 1] ?? ""]);
    return pairs.filter(([name]) => !name.startsWith(":"));
  }
  return Object.entries(headers).flatMap(([name, value]) =>
    name.startsWith(":") ? [] : [value ?? ""].flat().map((one): Field => [name, String(one)]),
  );
}
