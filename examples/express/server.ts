// Server-Sent Events with Express. Start it, read in one shell, and publish in another:
//   curl -N http://127.0.0.1:3000/events
//   curl -H "content-type: application/json" -d '{"title":"Hello"}' http://127.0.0.1:3000/events
import type { AddressInfo } from "node:net";
import express from "express";
import { createHub } from "ssekit";
import { openEventStream } from "ssekit/node";

const hub = createHub();
const app = express();

// What a middleware sets on the response goes out with an event stream too.
app.use((_req, res, next) => {
  res.set("access-control-allow-origin", "*");
  next();
});

// Hello world. The stream stays open until its reader leaves or you close it.
app.get("/hello", (req, res) => openEventStream(req, res).send({ data: "Hello world!" }));

// All that is published, and to a reader that comes back what it missed.
app.get("/events", async (req, res) => {
  const stream = openEventStream(req, res);
  void stream.closed.then((reason) => console.log(`a reader's stream ended (${reason})`));
  await hub.subscribe(stream, "news");
  stream.send({ event: "welcome", data: { online: hub.count() } });
});

app.post("/events", express.json(), async (req, res) => {
  const id = await hub.publish("news", { event: "news", data: req.body });
  res.json({ id });
});

const server = app.listen(Number(process.env.PORT ?? 3000), "127.0.0.1", (error) => {
  if (error) throw error;
  console.log(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
