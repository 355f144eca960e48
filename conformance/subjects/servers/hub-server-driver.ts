import { type HubServer, startHubServer } from "@ssekit/hub-server";
import type { ServerDriver } from "../../src/server/driver.ts";
import type { PublishedEvent } from "../../src/server/publisher.ts";

/** Publishes as anybody does, by a form. */
export class HubServerDriver implements ServerDriver {
  #server: HubServer | undefined;

  async start(): Promise<string> {
    this.#server = await startHubServer({ port: 0 });
    return `${this.#endpoint}?match=news`;
  }

  async publish({ data, event, id, retry }: PublishedEvent): Promise<void> {
    const body = new URLSearchParams({ topic: "news", data });
    if (event !== undefined) body.set("type", event);
    if (id !== undefined) body.set("id", id);
    if (retry !== undefined) body.set("retry", String(retry));
    const answer = await fetch(this.#endpoint, { method: "POST", body });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
  }

  async count(): Promise<number> {
    const answer = await fetch(`${this.#server?.url}/healthz`);
    return ((await answer.json()) as { connections: number }).connections;
  }

  async stop(): Promise<void> {
    await this.#server?.close();
  }

  get #endpoint(): string {
    return `${this.#server?.url}/.well-known/mercure`;
  }
}
