import { getRequestListener } from "@hono/node-server";
import { Hono } from "hono";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import { listenOnNode, serveSubject } from "../serve-subject.ts";

const streams: SSEStreamingApi[] = [];
const app = new Hono();
app.get("/events", (c) =>
  streamSSE(c, async (stream) => {
    streams.push(stream);
    await stream.write(": \n\n");
    // The stream ends with this function.
    await new Promise<void>((resolve) => stream.onAbort(resolve));
  }),
);
serveSubject({
  port: await listenOnNode(getRequestListener(app.fetch)),
  publish(data) {
    for (const stream of streams) void stream.writeSSE({ data });
  },
});
