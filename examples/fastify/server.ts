// Server-Sent Events with Fastify. Start it, read in one shell, and publish in another:
//   curl -N http://127.0.0.1:3000/events
//   curl -H "content-type: application/json" -d '{"title":"Hello"}' http://127.0.0.1:3000/events
import cors from "@fastify/cors";
import Fastify from "fastify";
import { createHub } from "ssekit";
import { openEventStream } from "ssekit/node";
import { eventStreams } from "ssekit/node/fastify";

const hub = createHub();
// A browser takes the 503 that Fastify else answers while it closes as final, and would not come back.
const app = Fastify({ return503OnClosing: false });

// What a hook sets on the reply goes out with an event stream too.
app.register(cors, { origin: "*" });

// Sends the readers away to come back when the app closes, which alone would wait for them to leave.
// biome-ignore lint/nursery/noMisusedPromises: Fastify waits for plugins that return a promise
app.register(eventStreams);

// Hello world. The stream stays open until its reader leaves or you close it.
app.get("/hello", (request, reply) => openEventStream(request, reply).send({ data: "Hello world!" }));

// All that is published, and to a reader that comes back what it missed.
app.get("/events", async (request, reply) => {
  const stream = openEventStream(request, reply);
  void stream.closed.then((reason) => console.log(`a reader's stream ended (${reason})`));
  await hub.subscribe(stream, "news");
  stream.send({ event: "welcome", data: { online: hub.count() } });
});

app.post("/events", async (request) => {
  return { id: await hub.publish("news", { event: "news", data: request.body }) };
});

process.once("SIGTERM", () => app.close());

console.log(await app.listen({ port: Number(process.env.PORT ?? 3000), host: "127.0.0.1" }));
