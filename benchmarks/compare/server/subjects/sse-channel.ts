// @ts-expect-error: it has no types of its own
import Channel from "sse-channel";
import { listenOnNode, serveSubject } from "../serve-subject.ts";

const channel = new Channel();
serveSubject({
  port: await listenOnNode((req, res) => channel.addClient(req, res)),
  publish: (data) => channel.send({ data }),
});
