import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

/** One connection through the proxy. */
interface Pair {
  readonly client: Socket;
  readonly server: Socket;
}

/** A TCP proxy on a free loopback port that passes everything on, until it is told to fail in some way. */
export class FaultProxy {
  readonly port: number;
  readonly #listener: Server;
  readonly #pairs = new Set<Pair>();
  #cut = false;
  #delay = 0;
  /** What a request must hold for its reply to be lost, and who waits for that. */
  #losing: { readonly request: string; readonly lost: () => void } | undefined;

  private constructor(listener: Server, target: number) {
    this.#listener = listener;
    this.port = (listener.address() as AddressInfo).port;
    listener.on("connection", (client) => this.#pass({ client, server: connect(target, "127.0.0.1") }));
  }

  /** Starts one before a loopback port. */
  static async start(target: number): Promise<FaultProxy> {
    const listener = createServer().listen(0, "127.0.0.1");
    await once(listener, "listening");
    return new FaultProxy(listener, target);
  }

  /** Passes nothing on in either direction, and closes nothing: a partition, as those inside it see it. */
  cut(): void {
    this.#cut = true;
    for (const { client, server } of this.#pairs) {
      client.pause();
      server.pause();
    }
  }

  /** Ends the partition; what was held back arrives. */
  heal(): void {
    this.#cut = false;
    for (const { client, server } of this.#pairs) {
      client.resume();
      server.resume();
    }
  }

  /** Ends the partition for new connections alone: those that were open stay deaf, as behind a router that forgot them. */
  forget(): void {
    this.#cut = false;
  }

  /** Holds back for so many milliseconds each reply on connections that wait for news by `XREAD`. */
  slowTail(delay: number): void {
    this.#delay = delay;
  }

  /** Swallows the reply to the next request that holds this text, closes that connection, and fulfils. */
  loseReply(request: string): Promise<void> {
    return new Promise((lost) => {
      this.#losing = { request, lost };
    });
  }

  /** Closes all connections. */
  drop(): void {
    for (const { client } of this.#pairs) client.destroy();
  }

  /** Closes all connections, and takes no more. */
  async close(): Promise<void> {
    this.drop();
    this.#listener.close();
    await once(this.#listener, "close");
  }

  #pass(pair: Pair): void {
    const { client, server } = pair;
    this.#pairs.add(pair);
    let lost: (() => void) | undefined;
    let isTail = false;
    // One after the other, for a chunk that overtakes another would be no delay but a broken stream.
    let passing: Promise<unknown> = Promise.resolve();
    client.on("data", (chunk) => {
      isTail ||= chunk.includes("XREAD");
      if (this.#losing !== undefined && chunk.includes(this.#losing.request)) {
        lost = this.#losing.lost;
        this.#losing = undefined;
      }
      server.write(chunk);
    });
    server.on("data", (chunk) => {
      if (lost !== undefined) {
        client.destroy();
        lost();
      } else {
        const delay = isTail && this.#delay > 0 ? sleep(this.#delay) : undefined;
        passing = passing.then(() => delay).then(() => client.write(chunk));
      }
    });
    for (const [one, other] of [
      [client, server],
      [server, client],
    ] as const) {
      one.on("error", () => {});
      one.on("close", () => {
        other.destroy();
        this.#pairs.delete(pair);
      });
      if (this.#cut) one.pause();
    }
  }
}
