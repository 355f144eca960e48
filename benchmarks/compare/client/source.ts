// A server that sends events, framed beforehand, as fast as its one reader takes them.
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { answerTasks } from "../child-program.ts";

const token = 'data: {"choices":[{"delta":{"content":" brown"}}]}\n\n';
const chunk = Buffer.from(token.repeat(Math.floor(16_384 / token.length)));

const server = createServer((_, res) => {
  res.writeHead(200, { "content-type": "text/event-stream" });
  const send = (): void => {
    while (res.write(chunk));
  };
  res.on("drain", send);
  send();
}).listen(0, "127.0.0.1");
await once(server, "listening");
answerTasks({ port: (server.address() as AddressInfo).port }, () => {});
