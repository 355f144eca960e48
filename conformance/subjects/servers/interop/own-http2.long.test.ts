import { once } from "node:events";
import { createSecureServer } from "node:http2";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { openEventStream } from "@ssekit/node";
import { describeWith, localhost, startProgram } from "testing";
import { expect, it } from "vitest";

/** What each runtime's `fetch` speaks with a server of Node's own HTTP/2, which speaks HTTP/1.1 too. */
const runtimes = [
  { name: "Node", binary: "node", args: [], protocol: "2.0" },
  {
    name: "Deno",
    binary: "deno",
    args: ["run", "-A", "--unsafely-ignore-certificate-errors=localhost"],
    protocol: "2.0",
  },
  { name: "Bun", binary: "bun", args: [], protocol: "1.1" },
];

for (const { name, binary, args, protocol } of runtimes) {
  describeWith(binary, `a server of HTTP/2 with ${name}, whose fetch speaks HTTP/${protocol}`, (path) => {
    it.each(["EventSource", "EventSourceClient"])(
      "is read by %s, through a cut",
      async (client) => {
        const requests: unknown[] = [];
        let cut = (): void => {};
        const server = createSecureServer({ ...localhost, allowHTTP1: true }, (req, res) => {
          requests.push([req.httpVersion, req.headers["last-event-id"]]);
          cut = () => req.socket.destroy();
          openEventStream(req, res, { retry: 50 }).send({ data: "Hello", id: `${requests.length}` });
        }).listen(0, "127.0.0.1");
        await once(server, "listening");
        const url = `https://localhost:${(server.address() as AddressInfo).port}/`;
        const program = join(import.meta.dirname, "read-events.ts");
        const { output, ended } = await startProgram(
          [path, ...args, "--conditions=@ssekit/source", program, client, url],
          { until: /event 1: Hello/, env: { NODE_TLS_REJECT_UNAUTHORIZED: "0" } },
        );
        cut();
        expect([await ended, output()]).toEqual([0, expect.stringContaining("event 2: Hello")]);
        server.close();
        expect(requests).toEqual([
          [protocol, undefined],
          [protocol, "1"],
        ]);
      },
      60_000,
    );
  });
}
