import type { IncomingMessage, ServerResponse } from "node:http";
import type { Http2ServerRequest, Http2ServerResponse } from "node:http2";
import type { Server } from "node:net";

/** What is used of Fastify's request, which fits; written down here, so that nobody needs Fastify for its types. */
export interface FastifyRequestLike {
  /** Node's own request. */
  readonly raw: IncomingMessage | Http2ServerRequest;
}

/** What is used of Fastify's reply, which fits. */
export interface FastifyReplyLike {
  /** Node's own response. */
  readonly raw: ServerResponse | Http2ServerResponse;
  /** The app, and its main server: `localhost` may have others besides, one for each address. */
  readonly server: { readonly server: Server };
  /** The header fields that hooks and the handler have set so far, such as CORS. */
  getHeaders(): Record<string, number | string | string[] | undefined>;
  /** Tells Fastify that the response is no longer its own. */
  hijack(): unknown;
}

/** Takes a reply over from Fastify, with the header fields that it would have sent. */
export function takeOver(reply: FastifyReplyLike): void {
  for (const [name, value] of Object.entries(reply.getHeaders())) {
    if (value !== undefined) reply.raw.setHeader(name, value);
  }
  reply.hijack();
}
