import { createRequire } from "node:module";
import type { fastifySSE } from "@fastify/sse";
import Fastify, { type FastifyReply } from "fastify";
import type { ServerDriver } from "../../../src/server/driver.ts";
import type { PublishedEvent } from "../../../src/server/publisher.ts";
import { type Message, messageOf } from "./message-of.ts";

// The plugin is CommonJS, whose types give its named export alone, and that is not wrapped as a plugin has to be.
const plugin = createRequire(import.meta.url)("@fastify/sse") as typeof fastifySSE;

/** A set of the open streams, and a history for the plugin's `replay`. */
export class FastifySseDriver implements ServerDriver {
  readonly json = true;
  readonly #history: Message[] = [];
  readonly #replies = new Set<FastifyReply>();
  readonly #app = Fastify({ forceCloseConnections: true });

  async start(): Promise<string> {
    await this.#app.register(plugin, { heartbeatInterval: 15_000 });
    this.#app.get("/events", { sse: "only" }, async (_request, reply) => {
      reply.sse.keepAlive();
      reply.sse.onClose(() => this.#replies.delete(reply));
      this.#replies.add(reply);
      await reply.sse.send({ event: "connected", data: "" });
      await reply.sse.replay(async (lastEventId) => {
        const at = this.#history.findIndex(({ id }) => id === lastEventId);
        for (const message of at < 0 ? [] : this.#history.slice(at + 1)) await reply.sse.send(message);
      });
    });
    return `${await this.#app.listen({ port: 0, host: "127.0.0.1" })}/events`;
  }

  async publish(event: PublishedEvent): Promise<void> {
    const message = messageOf(event);
    this.#history.push(message);
    // A send waits for its reader: what is wrong with the event is told at once, and a slow reader holds up no other.
    const sends = [...this.#replies].map((reply) => reply.sse.send(message));
    await Promise.race([Promise.all(sends), new Promise(setImmediate)]);
  }

  closeAll(): void {
    for (const reply of this.#replies) reply.sse.close();
  }

  count(): number {
    return this.#replies.size;
  }

  async stop(): Promise<void> {
    await this.#app.close();
  }
}
