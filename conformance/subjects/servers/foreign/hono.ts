import type { Server } from "node:http";
import { createAdaptorServer } from "@hono/node-server";
import { Hono } from "hono";
import { type SSEStreamingApi, streamSSE } from "hono/streaming";
import type { ServerDriver } from "../../../src/server/driver.ts";
import type { PublishedEvent } from "../../../src/server/publisher.ts";
import { listen, stop } from "./listen.ts";
import { messageOf } from "./message-of.ts";

/** A set of the open streams, each of which stays open until its reader leaves. */
export class HonoDriver implements ServerDriver {
  readonly #streams = new Map<SSEStreamingApi, () => void>();
  readonly #server: Server;

  constructor() {
    const app = new Hono();
    app.get("/events", (c) =>
      streamSSE(
        c,
        (stream) =>
          new Promise<void>((resolve) => {
            this.#streams.set(stream, resolve);
            stream.onAbort(() => {
              this.#streams.delete(stream);
              resolve();
            });
          }),
      ),
    );
    this.#server = createAdaptorServer({ fetch: app.fetch }) as Server;
  }

  async start(): Promise<string> {
    return await listen(this.#server);
  }

  async publish(event: PublishedEvent): Promise<void> {
    const message = messageOf(event);
    // A write waits for its reader: what is wrong with the event is told at once, and a slow reader holds up no other.
    const writes = [...this.#streams.keys()].map((stream) => stream.writeSSE(message));
    await Promise.race([Promise.all(writes), new Promise(setImmediate)]);
  }

  closeAll(): void {
    for (const end of this.#streams.values()) end();
    this.#streams.clear();
  }

  count(): number {
    return this.#streams.size;
  }

  stop(): void {
    stop(this.#server);
  }
}
