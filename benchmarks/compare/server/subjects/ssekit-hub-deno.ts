import { eventStreamResponse } from "@ssekit/deno";
import { serveSubject } from "../serve-subject.ts";
import { openHub } from "./open-hub.ts";
import { serveOnDeno } from "./serve-fetch.ts";

const { publish, subscribe } = await openHub();
serveSubject({
  port: serveOnDeno((request) => eventStreamResponse(request, (stream) => void subscribe(stream, request.url))),
  publish,
});
