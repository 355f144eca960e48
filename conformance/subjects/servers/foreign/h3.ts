import type { Server } from "node:http";
import { createEventStream, type EventStream, H3, serve } from "h3";
import type { ServerDriver } from "../../../src/server/driver.ts";
import type { PublishedEvent } from "../../../src/server/publisher.ts";
import { messageOf } from "./message-of.ts";

/** A set of the open streams. */
export class H3Driver implements ServerDriver {
  readonly #streams = new Set<EventStream>();
  #server: ReturnType<typeof serve> | undefined;

  async start(): Promise<string> {
    const app = new H3();
    app.get("/events", (event) => {
      const stream = createEventStream(event);
      this.#streams.add(stream);
      // The head leaves with the first bytes, for which a reader would wait else.
      void stream.pushComment("");
      stream.onClosed(() => this.#streams.delete(stream));
      return stream;
    });
    this.#server = serve(app, { hostname: "127.0.0.1", port: 0, silent: true });
    await this.#server.ready();
    return new URL("/events", this.#server.url).href;
  }

  async publish(event: PublishedEvent): Promise<void> {
    const message = messageOf(event);
    // A push waits for its reader: what is wrong with the event is told at once, and a slow reader holds up no other.
    const pushes = [...this.#streams].map((stream) => stream.push(message));
    await Promise.race([Promise.all(pushes), new Promise(setImmediate)]);
  }

  async closeAll(): Promise<void> {
    await Promise.all([...this.#streams].map((stream) => stream.close()));
  }

  count(): number {
    return this.#streams.size;
  }

  async stop(): Promise<void> {
    (this.#server?.node?.server as Server | undefined)?.closeAllConnections();
    await this.#server?.close(true);
  }
}
