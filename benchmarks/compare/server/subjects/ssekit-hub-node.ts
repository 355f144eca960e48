import { openEventStream } from "@ssekit/node";
import { listenOnNode, serveSubject } from "../serve-subject.ts";
import { openHub } from "./open-hub.ts";

const { publish, subscribe } = await openHub();
serveSubject({
  port: await listenOnNode((req, res) => subscribe(openEventStream(req, res), req.url)),
  publish,
});
