import dns, { type LookupAllOptions } from "node:dns";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import Fastify from "fastify";
import { openEventStream } from "ssekit/node";
import { eventStreams } from "ssekit/node/fastify";
import { describeExample, RawReader, startProgram } from "testing";
import { describe, expect, it, onTestFinished } from "vitest";

type Found = (error: Error | null, found: string | object[], family: number) => void;

const server = new URL("server.ts", import.meta.url);

describeExample("Fastify", server);

describe("app.close() with the plugin eventStreams", () => {
  it("sends the readers away to come back, and the program ends (RULES B25)", async () => {
    const command = [process.execPath, "--conditions=@ssekit/source", fileURLToPath(server)];
    const program = await startProgram(command, { until: /http:\/\/127\.0\.0\.1:(\d+)/, env: { PORT: "0" } });
    onTestFinished(async () => void (await program.stop("SIGKILL")));
    const readers = ["/hello", "/events"].map((path) => {
      const reader = new RawReader(Number(program.match[1]));
      reader.request(path);
      return reader;
    });
    for (const reader of readers) await reader.until("data: ");
    expect(await program.stop("SIGTERM")).toBe(0);
    expect(program.output()).toContain("ended (drain)");
    for (const reader of readers) {
      await reader.closed;
      // The last chunk says that it ended by itself, and was not cut at the deadline.
      expect(reader.text).toMatch(/\nretry: \d+\n\n\r\n0\r\n\r\n$/);
    }
  });

  it("reaches the readers at every address of localhost, for each of which Fastify has a server", async () => {
    const { lookup } = dns;
    onTestFinished(() => void Object.assign(dns, { lookup }));
    const addresses = ["127.0.0.1", "127.0.0.2"].map((address) => ({ address, family: 4 }));
    const two = (host: string, options: LookupAllOptions, done: Found): void =>
      host === "localhost" && options.all ? done(null, addresses, 4) : lookup(host, options, done);
    Object.assign(dns, { lookup: two });
    const app = Fastify();
    // biome-ignore lint/nursery/noMisusedPromises: Fastify waits for plugins that return a promise
    app.register(eventStreams);
    app.get("/events", (request, reply) => void openEventStream(request, reply));
    await app.listen({ port: 0 });
    const urls = (app.addresses() as AddressInfo[]).map(({ address, port }) => `http://${address}:${port}/events`);
    const open = await Promise.all(urls.map((url) => fetch(url)));
    await app.close();
    const texts = await Promise.all(open.map((response) => response.text()));
    expect(texts).toEqual(Array(2).fill(expect.stringMatching(/^: \n\nretry: \d+\n\n$/)));
  });

  it.each([
    { return503OnClosing: true, status: 503, cors: null, content: /Service Unavailable/ },
    { return503OnClosing: false, status: 200, cors: "*", content: /^: \n\nretry: \d+\n\n$/ },
  ])("gives who comes meanwhile a $status with return503OnClosing: $return503OnClosing (RULES B14)", async (row) => {
    const app = Fastify({ return503OnClosing: row.return503OnClosing });
    // biome-ignore lint/nursery/noMisusedPromises: Fastify waits for plugins that return a promise
    app.register(eventStreams);
    app.addHook("onRequest", async (_request, reply) => void reply.header("access-control-allow-origin", "*"));
    app.get("/events", (request, reply) => void openEventStream(request, reply));
    let late: object | undefined;
    app.register((after, _options, done) => {
      // Runs after the plugin's own hook, while the server still listens.
      after.addHook("preClose", async () => {
        const response = await fetch(`${url}/events`);
        const cors = response.headers.get("access-control-allow-origin");
        late = { status: response.status, cors, content: await response.text() };
      });
      done();
    });
    const url = await app.listen({ port: 0, host: "127.0.0.1" });
    await app.close();
    expect(late).toEqual({ status: row.status, cors: row.cors, content: expect.stringMatching(row.content) });
  });
});
