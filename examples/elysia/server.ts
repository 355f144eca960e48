// Server-Sent Events with Elysia, on Bun. Start it, read in one shell, and publish in another:
//   curl -N http://127.0.0.1:3000/events
//   curl -H "content-type: application/json" -d '{"title":"Hello"}' http://127.0.0.1:3000/events
import { Elysia } from "elysia";
import { createHub, eventStreamResponse } from "ssekit";

const hub = createHub();

new Elysia()
  // What a hook sets on the response goes out with an event stream too.
  .onRequest(({ set }) => {
    set.headers["access-control-allow-origin"] = "*";
  })

  // Hello world. The stream stays open until its reader leaves or you close it.
  .get("/hello", ({ request }) => eventStreamResponse(request, (stream) => stream.send({ data: "Hello world!" })))

  // All that is published, and to a reader that comes back what it missed.
  .get("/events", ({ request }) =>
    eventStreamResponse(request, async (stream) => {
      void stream.closed.then((reason) => console.log(`a reader's stream ended (${reason})`));
      await hub.subscribe(stream, "news");
      stream.send({ event: "welcome", data: { online: hub.count() } });
    }),
  )

  .post("/events", async ({ body }) => {
    const id = await hub.publish("news", { event: "news", data: body });
    return { id };
  })

  .listen({ hostname: "127.0.0.1", port: Number(process.env.PORT ?? 3000) }, ({ url }) => console.log(url.origin));
