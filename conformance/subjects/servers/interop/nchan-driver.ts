import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, type Program, startNginx } from "testing";
import type { ServerDriver } from "../../../src/server/driver.ts";
import type { PublishedEvent } from "../../../src/server/publisher.ts";
import { nchanConfig } from "../foreign/nchan.ts";

/** nginx with nchan, and one channel. */
export class NchanDriver implements ServerDriver {
  readonly #path: string;
  #folder = "";
  #port = 0;
  #program: Program | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  async start(): Promise<string> {
    this.#folder = await mkdtemp(join(tmpdir(), "ssekit-nchan-"));
    this.#port = await freePort();
    this.#program = await startNginx(this.#path, { config: nchanConfig(this.#port), folder: this.#folder });
    return `http://127.0.0.1:${this.#port}/events/news`;
  }

  async publish({ data, event = "" }: PublishedEvent): Promise<void> {
    const headers = { "x-eventsource-event": event };
    const answer = await fetch(`http://127.0.0.1:${this.#port}/publish/news`, { method: "POST", body: data, headers });
    await answer.arrayBuffer();
  }

  async stop(): Promise<void> {
    await this.#program?.stop();
    await rm(this.#folder, { recursive: true });
  }
}
