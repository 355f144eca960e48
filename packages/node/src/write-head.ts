import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Http2ServerResponse } from "node:http2";
import type { HeaderList } from "@ssekit/server";

/** Fields that add up, where both the stream and others have them. */
const ADDITIVE = new Set(["set-cookie", "vary"]);

const records = new WeakMap<HeaderList, OutgoingHttpHeaders>();

/** Sends the head of a 200, with the fields that others set before, such as CORS; those of the same name give way. */
export function writeHead(res: ServerResponse | Http2ServerResponse, headers: HeaderList): void {
  addFields(res, headers);
  // Not setHeader(), of which each response would keep a copy. The same list is the same record.
  let record = records.get(headers);
  if (record === undefined) {
    record = Object.fromEntries(headers.filter(([name]) => !ADDITIVE.has(name)));
    records.set(headers, record);
  }
  (res as ServerResponse).writeHead(200, record);
}

/** Answers a status without a body, with fields as those of {@linkcode writeHead}. */
export function answerStatus(res: ServerResponse | Http2ServerResponse, status: number, headers: HeaderList): void {
  addFields(res, headers);
  // Not writeHead(), after which Node can't tell that there is no body.
  for (const [name, value] of headers) if (!ADDITIVE.has(name)) res.setHeader(name, value);
  res.statusCode = status;
  res.end();
}

function addFields(res: ServerResponse | Http2ServerResponse, headers: HeaderList): void {
  // Only where it is: Node gives a body without a length to a refusal whose content-length was ever removed.
  if (res.hasHeader("content-length")) res.removeHeader("content-length");
  for (const [name, value] of headers) if (ADDITIVE.has(name)) res.appendHeader(name, value);
}
