import type { IncomingMessage } from "node:http";
import type { Refusal } from "./refusal.ts";

const FORM = "application/x-www-form-urlencoded";

/**
 * Reads the body of a form.
 *
 * Gives a refusal for another content type (415), for more than `maxBodyBytes` (413) and for text that isn't UTF-8
 * (400). Rejects when the sender goes away. The rest of a body that is too large is read and dropped, for a sender whose
 * connection is cut while it writes may never see the answer.
 */
export async function readForm(req: IncomingMessage, maxBodyBytes: number): Promise<string | Refusal> {
  const refusal = refuseType(req) ?? refuseSize(Number(req.headers["content-length"] ?? 0), maxBodyBytes);
  if (refusal !== undefined) return refusal;
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of req.iterator({ destroyOnReturn: false }) as AsyncIterable<Uint8Array>) {
    size += chunk.byteLength;
    if (size > maxBodyBytes) break;
    chunks.push(chunk);
  }
  const tooLarge = refuseSize(size, maxBodyBytes);
  if (tooLarge !== undefined) {
    req.resume();
    return tooLarge;
  }
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(Buffer.concat(chunks));
  } catch {
    return { status: 400, reason: "Cannot read the form: its bytes are not UTF-8: percent-encode it as UTF-8" };
  }
}

function refuseType({ headers }: IncomingMessage): Refusal | undefined {
  const type = headers["content-type"]?.split(";")[0]?.trim().toLowerCase();
  if (type !== FORM) return { status: 415, reason: `Cannot read a body of type ${type ?? "unknown"}: send ${FORM}` };
  const encoding = headers["content-encoding"];
  if (encoding === undefined || encoding === "identity") return undefined;
  return { status: 415, reason: `Cannot read a body in the encoding ${encoding}: send it unencoded` };
}

function refuseSize(size: number, maxBodyBytes: number): Refusal | undefined {
  if (size <= maxBodyBytes) return undefined;
  return { status: 413, reason: `Cannot take the body: it has more than ${maxBodyBytes} bytes: send a smaller update` };
}
