// Server-Sent Events with Hono. Start it, read in one shell, and publish in another:
//   curl -N http://127.0.0.1:3000/events
//   curl -H "content-type: application/json" -d '{"title":"Hello"}' http://127.0.0.1:3000/events
import { serve } from "@hono/node-server";
import { Hono } from "hono";
import { cors } from "hono/cors";
import { createHub, eventStreamResponse } from "ssekit";

const hub = createHub();
const app = new Hono();

// What a middleware sets on the response goes out with an event stream too.
app.use(cors());

// Hello world. The stream stays open until its reader leaves or you close it.
app.get("/hello", (c) => eventStreamResponse(c.req.raw, (stream) => stream.send({ data: "Hello world!" })));

// All that is published, and to a reader that comes back what it missed.
app.get("/events", (c) =>
  eventStreamResponse(c.req.raw, async (stream) => {
    void stream.closed.then((reason) => console.log(`a reader's stream ended (${reason})`));
    await hub.subscribe(stream, "news");
    stream.send({ event: "welcome", data: { online: hub.count() } });
  }),
);

app.post("/events", async (c) => {
  const id = await hub.publish("news", { event: "news", data: await c.req.json() });
  return c.json({ id });
});

serve({ fetch: app.fetch, hostname: "127.0.0.1", port: Number(process.env.PORT ?? 3000) }, ({ port }) => {
  console.log(`http://127.0.0.1:${port}`);
});
