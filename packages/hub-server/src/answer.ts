import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Refusal } from "./refusal.ts";

/** What every answer of the hub carries. */
const COMMON = { "cache-control": "no-store", "x-content-type-options": "nosniff" } as const;

/** The body of an answer and what kind of text it is. */
export interface AnswerBody {
  readonly type: string;
  readonly text: string | Uint8Array;
}

/** Answers with a body, which HEAD leaves out; a request whose sender has gone gets nothing. */
export function answer(
  res: ServerResponse,
  status: number,
  body: AnswerBody & { headers?: OutgoingHttpHeaders },
): void {
  if (res.destroyed || res.headersSent) return;
  const bytes = Buffer.from(body.text);
  const head = { ...COMMON, "content-type": body.type, "content-length": bytes.length, ...body.headers };
  res.writeHead(status, head).end(res.req.method === "HEAD" ? undefined : bytes);
}

/** Answers with plain text. */
export function answerText(res: ServerResponse, status: number, text: string): void {
  answer(res, status, { type: "text/plain; charset=utf-8", text });
}

/** Answers with the reason of a refusal. */
export function answerRefusal(res: ServerResponse, refusal: Refusal): void {
  answerText(res, refusal.status, `${refusal.reason}\n`);
}

/** Answers 405 with the methods that the path takes. */
export function answerMethod(res: ServerResponse, allow: string): void {
  res.setHeader("allow", allow);
  answerRefusal(res, { status: 405, reason: `Cannot ${res.req.method} here: this path takes ${allow}` });
}
