import { createServer } from "node:http";
import { createChannel, createSession } from "better-sse";
import type { ServerDriver } from "../../../src/server/driver.ts";
import type { PublishedEvent } from "../../../src/server/publisher.ts";
import { listen, stop } from "./listen.ts";

/** A channel that broadcasts, for what is asked by GET. */
export class BetterSseDriver implements ServerDriver {
  readonly json = true;
  readonly without = ["retry"] as const;
  readonly #channel = createChannel();
  readonly #server = createServer(async (req, res) => {
    if (req.method === "GET" || req.method === "HEAD") this.#channel.register(await createSession(req, res));
    else res.writeHead(404).end();
  });

  async start(): Promise<string> {
    return await listen(this.#server);
  }

  publish({ data, event, id }: PublishedEvent): number {
    this.#channel.broadcast(data, event, id === undefined ? {} : { eventId: id });
    return this.#channel.sessionCount;
  }

  count(): number {
    return this.#channel.sessionCount;
  }

  stop(): void {
    stop(this.#server);
  }
}
