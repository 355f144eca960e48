import { randomUUID } from "node:crypto";
import { localhost, type Program, startProgram } from "testing";
import type { ServerDriver } from "../../src/server/driver.ts";
import type { PublishedEvent } from "../../src/server/publisher.ts";

/** Starts a program that serves a `HubHost`, in the clear and over TLS. */
export async function startHubHost(command: string[]): Promise<Program> {
  const env = { TEST_CERT: localhost.cert, TEST_KEY: localhost.key };
  return await startProgram(command, { until: /listening on (\d+) and (\d+)/, env });
}

/** Drives a hub of such a program that nobody else uses; the program has to run by the time that it is started. */
export class HubHostDriver implements ServerDriver {
  readonly #program: () => Program;
  readonly #scheme: "http" | "https";
  readonly #hub = randomUUID();

  constructor(program: () => Program, scheme: "http" | "https") {
    this.#program = program;
    this.#scheme = scheme;
  }

  start(): string {
    return `${this.#addressOf(this.#scheme)}/events`;
  }

  async publish(event: PublishedEvent): Promise<void> {
    await this.#ask("publish", event);
  }

  async closeAll(): Promise<void> {
    await this.#ask("close");
  }

  async count(): Promise<number> {
    return Number(await this.#ask("count"));
  }

  #addressOf(scheme: "http" | "https"): string {
    const [, http, https] = this.#program().match;
    return `${scheme}://localhost:${scheme === "http" ? http : https}/${this.#hub}`;
  }

  async #ask(what: string, body: unknown = {}): Promise<string> {
    const answer = await fetch(`${this.#addressOf("http")}/${what}`, { method: "POST", body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(text);
    return text;
  }
}
