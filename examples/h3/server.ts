// Server-Sent Events with h3. Start it, read in one shell, and publish in another:
//   curl -N http://127.0.0.1:3000/events
//   curl -d '{"title":"Hello"}' http://127.0.0.1:3000/events
import { H3, handleCors, serve } from "h3";
import { createHub, eventStreamResponse } from "ssekit";

const hub = createHub();
const app = new H3();

// What a middleware sets on the response goes out with an event stream too.
app.use((event) => {
  const preflight = handleCors(event, {});
  if (preflight !== false) return preflight;
});

// Hello world. The stream stays open until its reader leaves or you close it.
app.get("/hello", ({ req }) => eventStreamResponse(req, (stream) => stream.send({ data: "Hello world!" })));

// All that is published, and to a reader that comes back what it missed.
app.get("/events", ({ req }) =>
  eventStreamResponse(req, async (stream) => {
    void stream.closed.then((reason) => console.log(`a reader's stream ended (${reason})`));
    await hub.subscribe(stream, "news");
    stream.send({ event: "welcome", data: { online: hub.count() } });
  }),
);

app.post("/events", async ({ req }) => {
  const id = await hub.publish("news", { event: "news", data: await req.json() });
  return { id };
});

const server = serve(app, { hostname: "127.0.0.1", port: Number(process.env.PORT ?? 3000), silent: true });
await server.ready();
console.log(server.url);
