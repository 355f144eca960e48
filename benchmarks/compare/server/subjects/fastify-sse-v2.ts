import type { AddressInfo } from "node:net";
import Fastify, { type FastifyReply } from "fastify";
import { FastifySSEPlugin } from "fastify-sse-v2";
import { serveSubject } from "../serve-subject.ts";

const replies: FastifyReply[] = [];
const app = Fastify();
await app.register(FastifySSEPlugin);
app.get("/events", (_, reply) => {
  replies.push(reply);
  reply.sse({ event: "open", data: "-" });
});
await app.listen({ port: 0, host: "127.0.0.1", backlog: 4096 });
serveSubject({
  port: (app.server.address() as AddressInfo).port,
  publish(data) {
    for (const reply of replies) reply.sse({ data });
  },
});
