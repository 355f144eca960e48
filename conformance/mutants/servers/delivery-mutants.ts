import type { PublishedEvent } from "../../src/server/publisher.ts";
import type { ServerSubject } from "../../src/server/server-subject.ts";
import type { Mutant } from "../mutant.ts";
import { Batching } from "./batching.ts";
import type { Exchange } from "./exchange.ts";
import { Http2ReferenceServer } from "./http2-server.ts";
import { malformedHttp2 } from "./malformed-http2.ts";
import type { Entry } from "./reference-server.ts";
import { serverMutant } from "./server-mutant.ts";

/** Faults of injection: a field of an event is not looked at, or not enough. */
function injections(): Mutant<ServerSubject>[] {
  const places = ["event", "id"] as const;
  const ends = [
    ["lf", /\r/],
    ["cr", /\n/],
    ["crlf", /(?<!\r)\n|\r(?!\n)/],
  ] as const;
  const inFields = places.flatMap((place) =>
    ends.map(([end, refused]) =>
      serverMutant(
        `takes-${end}-in-${place}`,
        { fault: `A publisher may put ${end.toUpperCase()} into the ${place}.`, killedBy: `injection/${place}-${end}` },
        (Base) =>
          class extends Base {
            override accept(event: PublishedEvent): Entry {
              const value = event[place] ?? "";
              if (!/[\r\n]/.test(value) || refused.test(value)) return super.accept(event);
              return { ...super.accept({ ...event, [place]: "x" }), [place]: value };
            }
          },
      ),
    ),
  );
  const inData = (
    [
      ["lf", /\r\n|\r/],
      ["cr", /\r\n|\n/],
      ["crlf", /(?<!\r)\n|\r(?!\n)/],
    ] as const
  ).map(([end, splitAt]) =>
    serverMutant(
      `takes-${end}-in-data`,
      { fault: `Data is not split at ${end.toUpperCase()}.`, killedBy: `injection/data-${end}` },
      (Base) =>
        class extends Base {
          override linesOf(data: string): string[] {
            return data.split(splitAt);
          }
        },
    ),
  );
  return [...inFields, ...inData];
}

/** Faults in who gets which event, in which order, and what of it a publisher controls. */
export const deliveryMutants: readonly Mutant<ServerSubject>[] = [
  ...injections(),
  serverMutant(
    "takes-nul-in-id",
    { fault: "An id with NUL is written, which every reader ignores.", killedBy: "injection/id-nul" },
    (Base) =>
      class extends Base {
        override accept(event: PublishedEvent): Entry {
          return { ...super.accept({ ...event, id: event.id?.replaceAll("\0", "") }), id: this.idOf(event) };
        }
      },
  ),
  serverMutant(
    "echoes-the-query-cursor",
    { fault: "The cursor of the query is echoed in a field of the head.", killedBy: "injection/cursor-in-query" },
    (Base) =>
      class extends Base {
        override openStream(exchange: Exchange): void {
          const cursor = exchange.request.url.searchParams.get("lastEventId");
          exchange.rawHead("HTTP/1.1 200 OK", [`X-Cursor: ${cursor}`, ...this.fields(exchange.request)]);
          this.send(exchange, this.greeting());
        }
      },
  ),
  serverMutant(
    "echoes-the-cursor",
    { fault: "Last-Event-ID is decoded and echoed in a comment.", killedBy: "injection/cursor-in-header" },
    (Base) =>
      class extends Base {
        override begin(exchange: Exchange): void {
          super.begin(exchange);
          const cursor = exchange.request.headers.get("last-event-id");
          if (cursor !== undefined) this.send(exchange, `: from ${cursor.replaceAll("%0a", "\n")}\n\n`);
        }
      },
  ),
  serverMutant(
    "newest-first",
    { fault: "A batch is written in the wrong order.", killedBy: "order/one-after-another" },
    (Base) => Batching(Base, (blocks) => [...blocks].reverse().join("")),
  ),
  serverMutant(
    "coalesces",
    { fault: "Of many events in one turn only the first hundred go out.", killedBy: "order/burst" },
    (Base) => Batching(Base, (blocks) => blocks.slice(0, 100).join("")),
  ),
  serverMutant(
    "mixes-writes",
    { fault: "A large event is written in pieces, and small ones in between.", killedBy: "order/large-among-small" },
    (Base) =>
      class extends Base {
        override send(exchange: Exchange, text: string): void {
          super.send(exchange, text.slice(0, 50_000));
          if (text.length > 100_000) setImmediate(() => super.send(exchange, text.slice(50_000)));
          else super.send(exchange, text.slice(50_000));
        }
      },
  ),
  serverMutant(
    "ten-readers-at-most",
    { fault: "Readers beyond the tenth get nothing.", killedBy: "order/every-reader" },
    (Base) =>
      class extends Base {
        override deliver(entry: Entry): void {
          for (const exchange of [...this.subscribers].slice(-10)) this.send(exchange, this.encode(entry));
        }
      },
  ),
  serverMutant(
    "each-reader-its-own-order",
    {
      fault: "Each delivery takes its own time, so that readers see different orders.",
      killedBy: "order/same-for-all",
    },
    (Base) =>
      class extends Base {
        override deliver(entry: Entry): void {
          const block = this.encode(entry);
          for (const [at, exchange] of [...this.subscribers].entries()) {
            const delay = (at + entry.n) % 2;
            if (delay === 0) this.send(exchange, block);
            else setTimeout(() => this.send(exchange, block), 5);
          }
        }
      },
  ),
  serverMutant(
    "awaits-every-reader",
    { fault: "The loop waits until each reader has taken the event.", killedBy: "stall/others-go-on" },
    (Base) =>
      class extends Base {
        override publish(event: PublishedEvent): unknown {
          const entry = this.accept(event);
          this.history.push(entry);
          return this.#deliverInTurn(this.encode(entry));
        }
        async #deliverInTurn(block: string): Promise<number> {
          for (const exchange of [...this.subscribers]) {
            this.send(exchange, block);
            while (exchange.socket.writableNeedDrain && !exchange.socket.destroyed) {
              await new Promise((resolve) => setTimeout(resolve, 1));
            }
          }
          return this.count();
        }
      },
  ),
  serverMutant(
    "drops-for-the-slow",
    { fault: "Events for a reader whose buffer is full are dropped without a sign.", killedBy: "stall/nothing-torn" },
    (Base) =>
      class extends Base {
        override send(exchange: Exchange, text: string): void {
          if (exchange.socket.writableLength < 200_000) super.send(exchange, text);
        }
      },
  ),
  serverMutant(
    "hears-only-resets",
    {
      fault: "A connection that is closed in good order is kept as a subscriber.",
      killedBy: "leave/forgotten-after-end",
    },
    (Base) =>
      class extends Base {
        override openStream(exchange: Exchange): void {
          exchange.onClose = (closed) => void exchange.socket.on("error", closed);
          super.openStream(exchange);
        }
        override beat(): void {}
      },
  ),
  serverMutant(
    "hears-only-fins",
    { fault: "A connection that breaks off is kept as a subscriber.", killedBy: "leave/forgotten-after-reset" },
    (Base) =>
      class extends Base {
        override openStream(exchange: Exchange): void {
          exchange.onClose = (closed) => void exchange.socket.on("end", closed);
          super.openStream(exchange);
        }
      },
  ),
  serverMutant(
    "listens-too-late",
    { fault: "The listener for the end is added after an await.", killedBy: "leave/before-the-head" },
    (Base) =>
      class extends Base {
        override openStream(exchange: Exchange): void {
          setTimeout(() => super.openStream(exchange), 20);
        }
      },
  ),
  serverMutant(
    "skips-while-one-leaves",
    { fault: "The list of subscribers is shortened while it is gone over.", killedBy: "leave/others-go-on" },
    (Base) =>
      class extends Base {
        #skips = 0;
        override leave(exchange: Exchange): void {
          super.leave(exchange);
          this.#skips = 1;
        }
        override deliver(entry: Entry): void {
          if (this.#skips-- > 0) return;
          super.deliver(entry);
        }
      },
  ),
  serverMutant(
    "one-error-ends-the-loop",
    {
      fault: "An error of one reader's connection ends the broadcast to the others.",
      killedBy: "leave/in-the-middle-of-an-event",
    },
    (Base) =>
      class extends Base {
        override deliver(entry: Entry): void {
          const block = this.encode(entry);
          for (const exchange of [...this.subscribers].reverse()) {
            // What a write to it would throw.
            if (exchange.socket.destroyed || (block.length > 500_000 && this.subscribers.size > 1)) return;
            this.send(exchange, block);
          }
        }
      },
  ),
  serverMutant(
    "never-ends",
    { fault: "The server waits for its streams, and they for it.", killedBy: "end/streams-end" },
    (Base) =>
      class extends Base {
        override endStream(): void {}
      },
  ),
  serverMutant(
    "ends-before-the-blank-line",
    { fault: "The last event is written without its blank line.", killedBy: "end/loses-nothing" },
    (Base) =>
      class extends Base {
        override encode(entry: Entry): string {
          return entry.data.length > 100_000 && entry.data.endsWith("x")
            ? super.encode(entry).slice(0, -1)
            : super.encode(entry);
        }
        override missedAfter(): undefined {}
      },
  ),
  serverMutant(
    "destroys-the-socket",
    { fault: "Streams are ended by destroying their sockets.", killedBy: "end/in-good-order" },
    (Base) =>
      class extends Base {
        override endStream(exchange: Exchange): void {
          this.leave(exchange);
          exchange.socket.destroySoon();
        }
      },
  ),
  serverMutant(
    "stays-drained",
    { fault: "After it ended its streams the server registers nobody.", killedBy: "end/comes-back" },
    (Base) =>
      class extends Base {
        #isDrained = false;
        override closeAll(): unknown {
          this.#isDrained = true;
          return super.closeAll();
        }
        override register(exchange: Exchange): void {
          if (!this.#isDrained) super.register(exchange);
        }
      },
  ),
  malformedHttp2,
  serverMutant(
    "404-over-http2",
    { fault: "The route is registered for HTTP/1.1 alone.", killedBy: "http2/event-stream" },
    () =>
      class extends Http2ReferenceServer {
        override handle(exchange: Exchange): void {
          if (exchange.request.version === "HTTP/2") exchange.refuse(404, []);
          else super.handle(exchange);
        }
      },
  ),
  serverMutant(
    "holds-back-over-http2",
    { fault: "Over HTTP/2 an event waits for the next one.", killedBy: "http2/events" },
    () =>
      class extends Http2ReferenceServer {
        readonly #held = new Map<Exchange, string>();
        override beat(): void {}
        override send(exchange: Exchange, text: string): void {
          if (exchange.request.version === "HTTP/2") {
            super.send(exchange, this.#held.get(exchange) ?? "");
            this.#held.set(exchange, text);
          } else super.send(exchange, text);
        }
      },
  ),
  serverMutant(
    "hears-only-connections",
    { fault: "A cancelled stream is kept until its connection ends.", killedBy: "http2/left-streams-are-forgotten" },
    () =>
      class extends Http2ReferenceServer {
        override openStream(exchange: Exchange): void {
          exchange.onClose = (closed) => void exchange.socket.on("close", closed);
          super.openStream(exchange);
        }
      },
  ),
];
