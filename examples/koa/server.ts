// Server-Sent Events with Koa. Start it, read in one shell, and publish in another:
//   curl -N http://127.0.0.1:3000/events
//   curl -d '{"title":"Hello"}' http://127.0.0.1:3000/events
import type { AddressInfo } from "node:net";
import { json } from "node:stream/consumers";
import Koa, { type Context } from "koa";
import { createHub, type EventStream } from "ssekit";
import { openEventStream } from "ssekit/node";

const hub = createHub();
const app = new Koa();

/** Opens an event stream on the response, and tells Koa not to end it when the middlewares have returned. */
function open(ctx: Context): EventStream {
  ctx.respond = false;
  return openEventStream(ctx.req, ctx.res);
}

// What a middleware sets on the response goes out with an event stream too.
app.use((ctx, next) => {
  ctx.set("access-control-allow-origin", "*");
  return next();
});

app.use(async (ctx) => {
  switch (`${ctx.method} ${ctx.path}`) {
    // Hello world. The stream stays open until its reader leaves or you close it.
    case "GET /hello":
      return open(ctx).send({ data: "Hello world!" });

    // All that is published, and to a reader that comes back what it missed.
    case "GET /events": {
      const stream = open(ctx);
      void stream.closed.then((reason) => console.log(`a reader's stream ended (${reason})`));
      await hub.subscribe(stream, "news");
      return stream.send({ event: "welcome", data: { online: hub.count() } });
    }

    case "POST /events":
      ctx.body = { id: await hub.publish("news", { event: "news", data: await json(ctx.req) }) };
  }
});

const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", () => {
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
