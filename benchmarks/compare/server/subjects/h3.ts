import { createEventStream, type EventStream, H3, toNodeHandler } from "h3/node";
import { listenOnNode, serveSubject } from "../serve-subject.ts";

const streams: EventStream[] = [];
const app = new H3();
app.get("/events", (event) => {
  const stream = createEventStream(event);
  streams.push(stream);
  void stream.pushComment("");
  return stream.send();
});
serveSubject({
  port: await listenOnNode(toNodeHandler(app)),
  publish(data) {
    for (const stream of streams) void stream.push(data);
  },
});
