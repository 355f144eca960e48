import type { Exchange } from "./exchange.ts";
import type { Entry, ReferenceServer } from "./reference-server.ts";

/** A server that writes what was published in one turn at once, to those who were there when it was published. */
export function Batching(
  Base: typeof ReferenceServer,
  join: (blocks: readonly string[]) => string,
): typeof ReferenceServer {
  return class extends Base {
    readonly #waiting = new Map<Exchange, string[]>();

    override deliver(entry: Entry): void {
      const block = this.encode(entry);
      if (this.#waiting.size === 0) setImmediate(() => this.#flush());
      for (const exchange of this.subscribers) {
        const blocks = this.#waiting.get(exchange) ?? [];
        blocks.push(block);
        this.#waiting.set(exchange, blocks);
      }
    }

    #flush(): void {
      for (const [exchange, blocks] of this.#waiting) this.send(exchange, join(blocks));
      this.#waiting.clear();
    }
  };
}
