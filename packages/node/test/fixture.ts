import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { openEventStream } from "@ssekit/node";
import { AdapterFixture } from "testing/adapter-fixture";

const fixture = new AdapterFixture(() => {
  server.close();
  server.closeAllConnections();
});

const server = createServer((req, res) => {
  const { url = "/" } = req;
  const answer = fixture.answer(url);
  if (answer === undefined) fixture.play(url, openEventStream(req, res, fixture.init(url)));
  else void answer.then((text) => res.end(text));
});

server.listen(0, "127.0.0.1", () => console.log(`listening on ${(server.address() as AddressInfo).port}`));
