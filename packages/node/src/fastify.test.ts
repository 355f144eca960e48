import { once } from "node:events";
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { EventStream } from "@ssekit/server";
import { describe, expect, it } from "vitest";
import { eventStreams, type FastifyLike } from "./fastify.ts";
import type { FastifyReplyLike } from "./fastify-pair.ts";
import { openEventStream } from "./open-event-stream.ts";

/** What Fastify does with a request: fields of a reply are its own until it sends it. */
class Reply implements FastifyReplyLike {
  readonly raw: ServerResponse;
  readonly server: { readonly server: Server };
  readonly headers: Record<string, string | string[] | undefined> = {};
  hijacked = false;

  constructor(raw: ServerResponse, server: Server) {
    this.raw = raw;
    this.server = { server };
  }

  getHeaders(): Record<string, number | string | string[] | undefined> {
    return { ...this.raw.getHeaders(), ...this.headers };
  }

  hijack(): void {
    this.hijacked = true;
  }
}

describe("openEventStream() on Fastify's request and reply", () => {
  it("keeps the fields that hooks have set, and takes the response over (RULES B16)", async () => {
    const replies: Reply[] = [];
    const server = createServer((raw, res) => {
      const reply = new Reply(res, server);
      replies.push(reply);
      const cors = { "access-control-allow-origin": "https://example.net", vary: ["Origin"] };
      Object.assign(reply.headers, cors, {
        "content-type": "application/json",
        "content-length": "2",
        "x-a": undefined,
      });
      openEventStream({ raw }, reply, { headers: { "x-b": "1" } }).close();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const sent = request({ port: (server.address() as AddressInfo).port, host: "127.0.0.1" }).end();
    const [response] = (await once(sent, "response")) as [IncomingMessage];
    expect(response.headers).toMatchObject({
      "access-control-allow-origin": "https://example.net",
      vary: "Origin",
      "content-type": "text/event-stream",
      "x-b": "1",
    });
    expect(response.headers["content-length"]).toBeUndefined();
    expect(replies[0]?.hijacked).toBe(true);
    response.resume();
    server.close();
  });

  it("leaves the reply to Fastify when an option is wrong", async () => {
    const server = createServer((raw, res) => {
      const reply = new Reply(res, server);
      expect(() => openEventStream({ raw }, reply, { heartbeat: -1 })).toThrow(RangeError);
      res.end(String(reply.hijacked));
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    expect(await response.text()).toBe("false");
    server.close();
    server.closeAllConnections();
  });
});

describe("eventStreams", () => {
  it("drains the streams of the app before its server closes (RULES B25)", async () => {
    const streams: EventStream[] = [];
    const server = createServer((req, res) => streams.push(openEventStream(req, res)));
    await once(server.listen(0, "127.0.0.1"), "listening");
    const hooks: (() => Promise<void>)[] = [];
    const app: FastifyLike = { server, addHook: (_name, hook) => hooks.push(hook) };
    await eventStreams(app, {});
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const text = response.text();
    expect(hooks).toHaveLength(1);
    for (const hook of hooks) await hook();
    expect(await text).toMatch(/^: \n\nretry: \d+\n\n$/);
    expect(await streams[0]?.closed).toBe("drain");
    server.close();
  });
});
