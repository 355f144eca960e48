import type { PublishedEvent } from "../../src/server/publisher.ts";
import type { ServerSubject } from "../../src/server/server-subject.ts";
import type { CorrectSubject } from "../mutant.ts";
import { attachDriver, PATIENT } from "./attach-driver.ts";
import { Batching } from "./batching.ts";
import { CompressingServer } from "./compressing-server.ts";
import type { Exchange, ReceivedRequest } from "./exchange.ts";
import { Http2ReferenceServer } from "./http2-server.ts";
import { type Entry, ReferenceServer } from "./reference-server.ts";

/** Servers that are right, in ways that a suite may take for wrong. */
export const correctServers: readonly CorrectSubject<ServerSubject>[] = [
  correct("plain", "none: it is the server that every mutant breaks", ReferenceServer),
  correct("over-http2-too", "it speaks HTTP/2 on the same port", Http2ReferenceServer),
  correct("compressed", "it compresses streams, and flushes each event", CompressingServer),
  correct(
    "batching",
    "what is published in one turn leaves in one write",
    Batching(ReferenceServer, (all) => all.join("")),
  ),
  correct(
    "carriage-returns",
    "lines end with CR alone, in the first bytes with CRLF",
    class extends ReferenceServer {
      override greeting(): string {
        return super.greeting().replaceAll("\n", "\r\n");
      }
      override encode(entry: Entry): string {
        return super.encode(entry).replaceAll("\n", "\r");
      }
    },
  ),
  correct(
    "byte-by-byte",
    "the first sixty bytes of each event are written one by one, each in a chunk of its own",
    class extends ReferenceServer {
      override send(exchange: Exchange, text: string): void {
        const bytes = Buffer.from(text);
        for (let at = 0; at < Math.min(bytes.length, 60); at++) exchange.write(bytes.subarray(at, at + 1));
        exchange.write(bytes.subarray(60));
      }
    },
  ),
  correct(
    "comments-anywhere",
    "comments stand between the fields of an event, and a byte order mark at the start",
    class extends ReferenceServer {
      override greeting(): string {
        return `\ufeff${super.greeting()}`;
      }
      override encode(entry: Entry): string {
        return super.encode(entry).replaceAll(/\n(?=\w)/g, "\n: between fields\n:\n");
      }
    },
  ),
  correct(
    "odd-head",
    "names and Content-Type are in another case, with parameters and space around them",
    class extends ReferenceServer {
      override fields(request: ReceivedRequest): string[] {
        return super
          .fields(request)
          .map((field) => field.replace(/^[^:]+/, (name) => name.toUpperCase()))
          .map((field) => field.replace("text/event-stream", '  Text/Event-Stream ; Charset="UTF-8" ; x=1  '));
      }
    },
  ),
  correct(
    "odd-chunks",
    "chunks have extensions and sizes with zeros before them",
    class extends ReferenceServer {
      override openStream(exchange: Exchange): void {
        exchange.chunk = (bytes) =>
          Buffer.concat([
            Buffer.from(`000${bytes.length.toString(16).toUpperCase()};a=b\r\n`),
            bytes,
            Buffer.from("\r\n"),
          ]);
        super.openStream(exchange);
      }
    },
  ),
  correct(
    "until-close",
    "the body is not chunked: the end of the connection is its end",
    class extends ReferenceServer {
      override begin(exchange: Exchange): void {
        exchange.rawHead("HTTP/1.1 200 OK", this.fields(exchange.request));
        this.send(exchange, this.greeting());
      }
    },
  ),
  correct(
    "http-1.0",
    "it answers by HTTP/1.0",
    class extends ReferenceServer {
      override begin(exchange: Exchange): void {
        exchange.rawHead("HTTP/1.0 200 OK", this.fields(exchange.request));
        this.send(exchange, this.greeting());
      }
    },
  ),
  correct(
    "redirects",
    "the stream is at the end of two redirects",
    class extends ReferenceServer {
      override openStream(exchange: Exchange): void {
        const { url } = exchange.request;
        const hop = Number(url.searchParams.get("hop") ?? 0);
        const next = new URL(url);
        next.searchParams.set("hop", String(hop + 1));
        if (hop < 2) exchange.refuse(307, [`Location: ${next.pathname}${next.search}`]);
        else super.openStream(exchange);
      }
    },
  ),
  correct(
    "talks-of-its-own",
    "it sends events that nobody published: a welcome message, cursors and pings",
    class extends ReferenceServer {
      override greeting(): string {
        return "data: welcome\n\nevent: cursor\ndata\nid: start\n\n";
      }
      override beat(exchange: Exchange): void {
        this.send(exchange, "data: ping\n\n");
      }
      override deliver(entry: Entry): void {
        super.deliver(entry);
        for (const exchange of [...this.subscribers]) this.send(exchange, "event: stats\ndata: 1\n\n");
      }
      override missedAfter(cursor: string): Entry[] | undefined {
        return cursor === "start" ? [] : super.missedAfter(cursor);
      }
    },
  ),
  correct(
    "ids-of-its-own",
    "its ids are its own, whatever is published, and cursors stand in events of their own",
    class extends ReferenceServer {
      override idOf(): string {
        return `#e-${this.history.length}`;
      }
    },
  ),
  correct(
    "short-fields",
    "no space after a colon that needs none, no colon for empty data, and fields in another order",
    class extends ReferenceServer {
      override field(name: string, value: string): string {
        if (value === "") return name;
        return value.startsWith(" ") ? `${name}: ${value}` : `${name}:${value}`;
      }
      override encode(entry: Entry): string {
        const { id, ...rest } = entry;
        const first = id === undefined ? "" : `${this.field("id", id)}\n`;
        return first + super.encode({ ...rest, id: undefined });
      }
    },
  ),
  correct(
    "refuses-much",
    "it refuses types and ids beyond letters and digits, and data with NUL or above 100 KB",
    class extends ReferenceServer {
      override accept(event: PublishedEvent): Entry {
        const isPlain = /^[\w.-]*$/.test(`${event.event ?? ""}${event.id ?? ""}`);
        if (!isPlain || event.data.includes("\0") || event.data.length > 250_000) throw new RangeError("Not taken");
        return super.accept(event);
      }
    },
  ),
  correct(
    "strips-line-ends",
    "it removes line ends and NUL from types and ids, in place of refusing them",
    class extends ReferenceServer {
      override accept(event: PublishedEvent): Entry {
        const strip = (text: string | undefined): string | undefined => text?.replaceAll(/[\r\n\0]/g, "");
        return super.accept({ ...event, event: strip(event.event), id: strip(event.id) });
      }
    },
  ),
  correct(
    "stops-strangers",
    "an unknown cursor is answered with 204",
    class extends ReferenceServer {
      override openStream(exchange: Exchange): void {
        const cursor = this.cursorOf(exchange.request);
        if (cursor !== undefined && this.missedAfter(cursor) === undefined) exchange.refuse(204, []);
        else super.openStream(exchange);
      }
    },
  ),
  correct(
    "keeps-little",
    "it keeps fifty events, and tells who comes back later that some are gone",
    class extends ReferenceServer {
      override missedAfter(cursor: string): Entry[] | undefined {
        const missed = super.missedAfter(cursor);
        return missed === undefined || missed.length > 50 ? undefined : missed;
      }
    },
  ),
  correct(
    "drops-the-slow",
    "a reader that does not read is cut off, and may come back",
    class extends ReferenceServer {
      override send(exchange: Exchange, text: string): void {
        super.send(exchange, text);
        if (exchange.socket.writableLength > 4_000_000) exchange.socket.destroy();
      }
    },
  ),
  correct(
    "no-ids",
    "events have no ids, and nobody can resume",
    class extends ReferenceServer {
      override encode(entry: Entry): string {
        return super.encode({ ...entry, id: undefined });
      }
      override replay(): void {}
    },
    ["server/resume/offered"],
  ),
  correct(
    "ids-without-history",
    "events have ids, and nothing is kept to resume from",
    class extends ReferenceServer {
      override replay(): void {}
    },
    ["server/resume/offered"],
  ),
  correct(
    "bare",
    "it sends nothing that it need not: no first bytes, no heartbeat, no choice of ours",
    class extends ReferenceServer {
      override fields(): string[] {
        return ["Content-Type: text/event-stream"];
      }
      override greeting(): string {
        return "";
      }
      override beat(): void {}
      override accepts(): boolean {
        return true;
      }
      override refuseMethod(exchange: Exchange): void {
        exchange.refuse(404, []);
      }
      override replay(): void {}
    },
    ["server/head/caches-are-kept-off", "server/resume/offered", "server/life/heartbeat"],
  ),
];

function correct(
  name: string,
  oddity: string,
  Server: typeof ReferenceServer,
  misses?: readonly string[],
): CorrectSubject<ServerSubject> {
  return {
    name,
    oddity,
    ...(misses && { misses }),
    attach: () => attachDriver(() => new Server(), { name, durations: PATIENT }),
  };
}
