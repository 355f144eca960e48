import { createChannel, createSession } from "better-sse";
import { listenOnNode, serveSubject } from "../serve-subject.ts";

const channel = createChannel();
serveSubject({
  port: await listenOnNode(async (req, res) => void channel.register(await createSession(req, res))),
  publish: (data) => channel.broadcast(data),
});
