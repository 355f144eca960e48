import type { Socket } from "node:net";
import type { ProxySubject } from "../../src/proxy/proxy-subject.ts";
import type { Mutant } from "../mutant.ts";
import { attachReferenceProxy, IMPATIENT } from "./attach-reference-proxy.ts";
import { type PipingFaults, PipingProxy } from "./piping-proxy.ts";
import { type Pair, type ProxiedHead, ReferenceProxy } from "./reference-proxy.ts";

type Proxy = typeof ReferenceProxy;

function mutant(
  name: string,
  { fault, killedBy }: { fault: string; killedBy: string },
  breakProxy: (Base: Proxy) => Proxy,
): Mutant<ProxySubject> {
  const Broken = breakProxy(ReferenceProxy);
  return {
    name,
    fault,
    killedBy: `proxy/${killedBy}`,
    attach: () => attachReferenceProxy((port) => new Broken(port), { name, durations: IMPATIENT }),
  };
}

/** A proxy that changes the fields of responses. */
function fields(
  name: string,
  init: { fault: string; killedBy: string },
  change: (all: string[]) => string[],
): Mutant<ProxySubject> {
  return mutant(
    name,
    init,
    (Base) =>
      class extends Base {
        override response(head: ProxiedHead, pair: Pair): ProxiedHead {
          const { first, fields } = super.response(head, pair);
          return { first, fields: change(fields) };
        }
      },
  );
}

/** A proxy that changes requests. */
function requests(
  name: string,
  init: { fault: string; killedBy: string },
  change: (head: ProxiedHead) => ProxiedHead,
): Mutant<ProxySubject> {
  return mutant(
    name,
    init,
    (Base) =>
      class extends Base {
        override request(head: ProxiedHead): ProxiedHead {
          return change(head);
        }
      },
  );
}

/** Proxies that are wrong in exactly one way. */
export const proxyMutants: readonly Mutant<ProxySubject>[] = [
  mutant(
    "answers-itself",
    { fault: "Everything is answered by an error page.", killedBy: "attach/smoke" },
    (Base) =>
      class extends Base {
        override response(): ProxiedHead {
          return { first: "HTTP/1.1 502 Bad Gateway", fields: ["Content-Length: 0", "Connection: close"] };
        }
      },
  ),
  fields(
    "sets-content-type",
    { fault: "A default Content-Type takes the place of the server's.", killedBy: "head/content-type" },
    (all) => all.map((field) => (/^content-type:/i.test(field) ? "Content-Type: application/octet-stream" : field)),
  ),
  fields(
    "sets-cache-control",
    { fault: "Cache-Control is set for all of the site.", killedBy: "head/cache-control" },
    (all) => all.map((field) => (/^cache-control:/i.test(field) ? "Cache-Control: public, max-age=60" : field)),
  ),
  fields(
    "drops-unknown-fields",
    { fault: "Fields beginning with X- are dropped.", killedBy: "head/other-fields" },
    (all) => all.filter((field) => !/^x-/i.test(field)),
  ),
  mutant(
    "passes-keep-alive",
    { fault: "Fields of the server's connection are passed on.", killedBy: "head/hop-by-hop" },
    (Base) =>
      class extends Base {
        override response(head: ProxiedHead): ProxiedHead {
          return head;
        }
      },
  ),
  mutant(
    "head-waits-for-the-body",
    { fault: "The head is sent with the first bytes of the body.", killedBy: "head/prompt" },
    (Base) =>
      class extends Base {
        readonly #heads = new Map<Pair, ProxiedHead>();
        override sendHead(pair: Pair, head: ProxiedHead): void {
          this.#heads.set(pair, head);
        }
        override body(pair: Pair, bytes: Buffer): void {
          this.#release(pair);
          super.body(pair, bytes);
        }
        override serverLeft(pair: Pair, wasReset: boolean): void {
          this.#release(pair);
          super.serverLeft(pair, wasReset);
        }
        #release(pair: Pair): void {
          const head = this.#heads.get(pair);
          if (head !== undefined) super.sendHead(pair, head);
          this.#heads.delete(pair);
        }
      },
  ),
  fields(
    "adds-content-length",
    { fault: "A Content-Length is made up.", killedBy: "head/no-content-length" },
    (all) => [...all, "Content-Length: 1000000"],
  ),
  mutant(
    "makes-204-a-200",
    { fault: "204 is answered as 200 with an empty page.", killedBy: "head/other-statuses" },
    (Base) =>
      class extends Base {
        override response(head: ProxiedHead, pair: Pair): ProxiedHead {
          const { first, fields } = super.response(head, pair);
          return { first: first.replace(" 204 ", " 200 "), fields };
        }
      },
  ),
  requests(
    "makes-head-a-get",
    { fault: "HEAD is asked as GET, for the cache.", killedBy: "head/head-request" },
    (head) => ({
      ...head,
      first: head.first.replace(/^HEAD /, "GET "),
    }),
  ),
  requests(
    "drops-last-event-id",
    { fault: "Last-Event-ID is on no list of allowed fields.", killedBy: "request/last-event-id" },
    (head) => ({
      ...head,
      fields: head.fields.filter((field) => !/^last-event-id:/i.test(field)),
    }),
  ),
  requests(
    "drops-what-is-not-ascii",
    { fault: "Fields with other bytes than ASCII are dropped.", killedBy: "request/last-event-id" },
    (head) => ({
      ...head,
      fields: head.fields.filter((field) => /^[\0-\x7f]*$/.test(field)),
    }),
  ),
  requests("sets-accept", { fault: "Accept is set to */*.", killedBy: "request/accept" }, (head) => ({
    ...head,
    fields: head.fields.map((field) => (/^accept:/i.test(field) ? "Accept: */*" : field)),
  })),
  mutant(
    "drops-the-body",
    { fault: "The body of a POST is not passed on.", killedBy: "request/post" },
    (Base) =>
      class extends Base {
        override forward(reader: Socket, head: ProxiedHead): void {
          super.forward(reader, head, Buffer.alloc(0));
        }
      },
  ),
  mutant(
    "repeats-posts",
    { fault: "A request that broke off is sent again, POST too.", killedBy: "request/post-is-not-repeated" },
    (Base) =>
      class extends Base {
        override forward(reader: Socket, head: ProxiedHead, rest: Buffer): void {
          let isRetried = false;
          this.serverLeft = (pair, wasReset) => {
            if (!wasReset || isRetried) return super.serverLeft(pair, wasReset);
            isRetried = true;
            super.forward(reader, head, rest);
          };
          super.forward(reader, head, rest);
        }
      },
  ),
  mutant(
    "buffers-4-kib",
    { fault: "The body is sent in buffers of 4 KiB.", killedBy: "buffering/one-by-one" },
    (Base) => Holding(Base, (held) => held.length >= 4_096),
  ),
  mutant(
    "buffers-comments",
    { fault: "The body is sent up to the last whole event, comments later.", killedBy: "buffering/comments" },
    (Base) => Holding(Base, (held, { isFirst }) => isFirst || /^(data|event|id):/m.test(held.toString())),
  ),
  mutant(
    "waits-for-more",
    { fault: "Each event waits a while for another.", killedBy: "buffering/no-delay" },
    (Base) =>
      class extends Base {
        override body(pair: Pair, bytes: Buffer): void {
          setTimeout(() => super.body(pair, bytes), 150);
        }
        override serverLeft(pair: Pair, wasReset: boolean): void {
          setTimeout(() => super.serverLeft(pair, wasReset), 160);
        }
      },
  ),
  mutant(
    "at-most-a-megabyte",
    { fault: "A response has a megabyte at most.", killedBy: "buffering/large-event" },
    (Base) =>
      class extends Base {
        readonly #sent = new Map<Pair, number>();
        override body(pair: Pair, bytes: Buffer): void {
          const sent = (this.#sent.get(pair) ?? 0) + bytes.length;
          this.#sent.set(pair, sent);
          if (sent < 1_000_000) super.body(pair, bytes);
          else pair.reader.destroy();
        }
      },
  ),
  mutant(
    "injects-a-script",
    { fault: "Something is written into every body.", killedBy: "content/bytes" },
    (Base) =>
      class extends Base {
        override body(pair: Pair, bytes: Buffer): void {
          super.body(pair, Buffer.from(bytes.toString("latin1").replace("<body>", "<BODY>"), "latin1"));
        }
      },
  ),
  mutant(
    "collapses-requests",
    { fault: "Two requests of one URL get one response.", killedBy: "content/each-reader-its-own" },
    (Base) =>
      class extends Base {
        readonly #seen = new Set<string>();
        override forward(reader: Socket, head: ProxiedHead, rest: Buffer): void {
          if (this.#seen.has(head.first)) return;
          this.#seen.add(head.first);
          super.forward(reader, head, rest);
        }
      },
  ),
  piping(
    "compresses-without-flush",
    { fault: "The compressor is not flushed.", killedBy: "content/compression-is-flushed" },
    { doesNotFlush: true },
  ),
  piping(
    "compresses-all",
    { fault: "no-transform is ignored.", killedBy: "content/no-transform" },
    { ignoresNoTransform: true },
  ),
  mutant(
    "short-read-timeout",
    { fault: "A response that is quiet for a tenth of a second is ended.", killedBy: "life/idle" },
    (Base) =>
      class extends Base {
        override relay(pair: Pair): void {
          pair.server.setTimeout(100, () => pair.server.destroy());
          super.relay(pair);
        }
      },
  ),
  mutant(
    "thirty-connections",
    { fault: "There are thirty connections to the server, and others wait.", killedBy: "life/many-at-once" },
    (Base) =>
      class extends Base {
        #open = 0;
        override forward(reader: Socket, head: ProxiedHead, rest: Buffer): void {
          if (++this.#open <= 30) super.forward(reader, head, rest);
        }
      },
  ),
  mutant(
    "keeps-the-end-to-itself",
    { fault: "The reader's connection stays when the server has ended.", killedBy: "close/server-ends" },
    (Base) =>
      class extends Base {
        override body(pair: Pair, bytes: Buffer): void {
          super.body(pair, Buffer.from(bytes.toString("latin1").replace(/0\r\n\r\n$/, ""), "latin1"));
        }
        override serverLeft(): void {}
      },
  ),
  mutant(
    "ends-what-broke-off",
    { fault: "A response that broke off is ended in good order.", killedBy: "close/server-breaks-off" },
    (Base) =>
      class extends Base {
        override serverLeft(pair: Pair, wasReset: boolean): void {
          if (wasReset) pair.reader.write("0\r\n\r\n");
          super.serverLeft(pair, false);
        }
      },
  ),
  mutant(
    "keeps-the-connection-behind",
    { fault: "The connection to the server outlives its reader.", killedBy: "close/reader-leaves" },
    (Base) =>
      class extends Base {
        override readerLeft(): void {}
      },
  ),
  mutant(
    "hears-no-resets",
    { fault: "A reader whose connection breaks off is not noticed.", killedBy: "close/reader-breaks-off" },
    (Base) =>
      class extends Base {
        override readerLeft(pair: Pair): void {
          if (pair.reader.errored === null) super.readerLeft(pair);
        }
      },
  ),
  piping(
    "refuses-keep-alive-over-http2",
    { fault: "A response with Keep-Alive is reset over HTTP/2.", killedBy: "http2/well-formed" },
    { refusesConnectionFields: true },
  ),
  piping(
    "holds-back-over-http2",
    { fault: "Over HTTP/2 the body is sent at its end.", killedBy: "http2/one-by-one" },
    { holdsBackOverHttp2: true },
  ),
  piping(
    "hears-no-cancel",
    { fault: "A cancelled stream of HTTP/2 leaves the connection behind open.", killedBy: "http2/reader-leaves" },
    { ignoresCancel: true },
  ),
  piping(
    "ends-over-http2",
    { fault: "A response that broke off is ended in good order over HTTP/2 too.", killedBy: "http2/server-breaks-off" },
    { endsWhatBrokeOff: true },
  ),
];

/** A proxy that holds bytes of the body until this says that they are enough. */
function Holding(Base: Proxy, isEnough: (held: Buffer, at: { isFirst: boolean }) => boolean): Proxy {
  return class extends Base {
    readonly #held = new Map<Pair, Buffer>();
    readonly #sent = new Set<Pair>();
    override body(pair: Pair, bytes: Buffer): void {
      const held = Buffer.concat([this.#held.get(pair) ?? Buffer.alloc(0), bytes]);
      const isFirst = !this.#sent.has(pair);
      this.#held.set(pair, held);
      if (isEnough(held, { isFirst })) this.#release(pair);
    }
    override serverLeft(pair: Pair, wasReset: boolean): void {
      this.#release(pair);
      super.serverLeft(pair, wasReset);
    }
    #release(pair: Pair): void {
      const held = this.#held.get(pair);
      this.#held.delete(pair);
      // The bytes that begin a stream come whole.
      if (held?.includes("\n\n")) this.#sent.add(pair);
      if (held !== undefined) super.body(pair, held);
    }
  };
}

/** The other proxy, with a fault. */
function piping(
  name: string,
  { fault, killedBy }: { fault: string; killedBy: string },
  faults: PipingFaults,
): Mutant<ProxySubject> {
  const durations = IMPATIENT;
  const attach: Mutant<ProxySubject>["attach"] = () =>
    attachReferenceProxy((port) => new PipingProxy(port, faults), { name, durations });
  return { name, fault, killedBy: `proxy/${killedBy}`, attach };
}
