import { constants, createGzip, type Gzip } from "node:zlib";
import type { Exchange, ReceivedRequest } from "./exchange.ts";
import { ReferenceServer } from "./reference-server.ts";

/** Compresses streams where it is asked to, and flushes after each event. */
export class CompressingServer extends ReferenceServer {
  readonly #gzips = new Map<Exchange, Gzip>();

  compresses({ headers }: ReceivedRequest): boolean {
    return /\bgzip\b/.test(headers.get("accept-encoding") ?? "");
  }

  flush(gzip: Gzip): void {
    gzip.flush(constants.Z_SYNC_FLUSH);
  }

  override fields(request: ReceivedRequest): string[] {
    const own = super.fields(request);
    return this.compresses(request) ? [...own, "Content-Encoding: gzip"] : own;
  }

  override send(exchange: Exchange, text: string): void {
    if (this.compresses(exchange.request)) this.#compress(exchange, text);
    else super.send(exchange, text);
  }

  #compress(exchange: Exchange, text: string): void {
    let gzip = this.#gzips.get(exchange);
    if (gzip === undefined) {
      gzip = createGzip();
      gzip.on("data", (bytes: Buffer) => exchange.write(bytes));
      this.#gzips.set(exchange, gzip);
    }
    gzip.write(text);
    this.flush(gzip);
  }
}
