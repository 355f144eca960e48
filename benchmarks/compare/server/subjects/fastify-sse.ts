import type { AddressInfo } from "node:net";
import sse, { type SSEReplyInterface } from "@fastify/sse";
import Fastify, { type FastifyPluginAsync } from "fastify";
import { serveSubject } from "../serve-subject.ts";

const replies: SSEReplyInterface[] = [];
const app = Fastify();
// Its types describe the module's namespace, and give the reply a `sse` that fastify-sse-v2 gives it too.
await app.register(sse as unknown as FastifyPluginAsync);
app.get("/events", { sse: "only" }, async (_, reply) => {
  const stream = reply.sse as unknown as SSEReplyInterface;
  stream.keepAlive();
  replies.push(stream);
  await stream.send({ event: "open", data: "" });
});
await app.listen({ port: 0, host: "127.0.0.1", backlog: 4096 });
serveSubject({
  port: (app.server.address() as AddressInfo).port,
  publish(data) {
    for (const reply of replies) void reply.send({ data });
  },
});
