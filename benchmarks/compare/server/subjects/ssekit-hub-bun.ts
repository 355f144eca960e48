import { eventStreamResponse } from "@ssekit/bun";
import { serveSubject } from "../serve-subject.ts";
import { openHub } from "./open-hub.ts";
import { serveOnBun } from "./serve-fetch.ts";

const { publish, subscribe } = await openHub();
serveSubject({
  port: serveOnBun((request, server) =>
    eventStreamResponse(request, (stream) => void subscribe(stream, request.url), { server }),
  ),
  publish,
});
