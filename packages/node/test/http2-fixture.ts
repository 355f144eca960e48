import { createServer, type Http2Session } from "node:http2";
import type { AddressInfo } from "node:net";
import { openEventStream } from "@ssekit/node";
import { AdapterFixture } from "testing/adapter-fixture";

const sessions = new Set<Http2Session>();
const fixture = new AdapterFixture(() => {
  server.close();
  for (const session of sessions) session.destroy();
});

const server = createServer((req, res) => {
  const answer = fixture.answer(req.url);
  if (answer === undefined) fixture.play(req.url, openEventStream(req, res, fixture.init(req.url)));
  else void answer.then((text) => res.end(text));
});
server.on("session", (session) => {
  sessions.add(session);
  session.on("close", () => sessions.delete(session));
});

server.listen(0, "127.0.0.1", () => console.log(`listening on ${(server.address() as AddressInfo).port}`));
