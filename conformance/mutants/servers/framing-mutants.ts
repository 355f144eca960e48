import type { ServerSubject } from "../../src/server/server-subject.ts";
import type { Mutant } from "../mutant.ts";
import { CompressingServer } from "./compressing-server.ts";
import type { Exchange, ReceivedRequest } from "./exchange.ts";
import type { Entry } from "./reference-server.ts";
import { serverMutant } from "./server-mutant.ts";

/** Faults of the framing, the encoding and the life of a stream. */
export const framingMutants: readonly Mutant<ServerSubject>[] = [
  serverMutant(
    "counts-characters",
    { fault: "The size of a chunk is its number of characters.", killedBy: "framing/chunks-are-whole" },
    (Base) =>
      class extends Base {
        override send(exchange: Exchange, text: string): void {
          if (exchange.isChunked) exchange.raw(Buffer.from(`${text.length.toString(16)}\r\n${text}\r\n`));
          else super.send(exchange, text);
        }
      },
  ),
  serverMutant(
    "two-lengths",
    { fault: "The head has Transfer-Encoding and Content-Length.", killedBy: "framing/one-length" },
    (Base) =>
      class extends Base {
        override begin(exchange: Exchange): void {
          const fields = [...this.fields(exchange.request), "Transfer-Encoding: chunked", "Content-Length: 9"];
          exchange.rawHead("HTTP/1.1 200 OK", fields);
          exchange.isChunked = true;
          this.send(exchange, this.greeting());
        }
      },
  ),
  serverMutant(
    "chunks-for-http-1-0",
    { fault: "Chunks are written whatever the request's version is.", killedBy: "framing/http-1-0-is-not-chunked" },
    (Base) =>
      class extends Base {
        override begin(exchange: Exchange): void {
          exchange.rawHead("HTTP/1.1 200 OK", [...this.fields(exchange.request), "Transfer-Encoding: chunked"]);
          exchange.isChunked = true;
          this.send(exchange, this.greeting());
        }
      },
  ),
  serverMutant(
    "chunk-frames-in-the-body",
    { fault: "Sizes of chunks stand in a body that is not chunked.", killedBy: "framing/http-1-0-is-not-chunked" },
    (Base) =>
      class extends Base {
        override send(exchange: Exchange, text: string): void {
          exchange.raw(exchange.chunk(Buffer.from(text)));
        }
      },
  ),
  serverMutant(
    "compresses-unasked",
    { fault: "Everything is compressed, asked or not.", killedBy: "framing/identity-is-respected" },
    () =>
      class extends CompressingServer {
        override compresses(): boolean {
          return true;
        }
      },
  ),
  serverMutant(
    "says-gzip-and-is-not",
    { fault: "Events are written past the compressing middleware.", killedBy: "framing/content-is-as-encoded" },
    (Base) =>
      class extends Base {
        override fields(request: ReceivedRequest): string[] {
          const asked = request.headers.get("accept-encoding")?.startsWith("gzip") === true;
          return asked ? [...super.fields(request), "Content-Encoding: gzip"] : super.fields(request);
        }
      },
  ),
  serverMutant(
    "writes-latin-1",
    { fault: "Text is written as Latin-1.", killedBy: "framing/utf-8" },
    (Base) =>
      class extends Base {
        override send(exchange: Exchange, text: string): void {
          exchange.write(Buffer.from(text, "latin1"));
        }
      },
  ),
  serverMutant(
    "retry-in-seconds",
    { fault: "The reconnection time has a unit.", killedBy: "framing/retry-is-digits" },
    (Base) =>
      class extends Base {
        override greeting(): string {
          return ": welcome\nretry: 2.5s\n\n";
        }
      },
  ),
  serverMutant(
    "unknown-field",
    { fault: "An unknown field is sent, which readers ignore.", killedBy: "framing/known-fields" },
    (Base) =>
      class extends Base {
        override greeting(): string {
          return "comment: welcome\nretry: 2000\n\n";
        }
      },
  ),
  serverMutant(
    "ends-by-itself",
    { fault: "The response ends when the handler returns.", killedBy: "life/stays-open" },
    (Base) =>
      class extends Base {
        override openStream(exchange: Exchange): void {
          super.openStream(exchange);
          this.endStream(exchange);
        }
      },
  ),
  serverMutant(
    "no-heartbeat",
    { fault: "A quiet stream carries nothing.", killedBy: "life/heartbeat" },
    (Base) =>
      class extends Base {
        override beat(): void {}
      },
  ),
  serverMutant(
    "one-reader-ever",
    { fault: "A name that was in use once is refused to the reader who comes back.", killedBy: "life/comes-back" },
    (Base) =>
      class extends Base {
        #seen = 0;
        override openStream(exchange: Exchange): void {
          if (++this.#seen === 2) exchange.refuse(409, []);
          else super.openStream(exchange);
        }
      },
  ),
  serverMutant(
    "tells-no-retry",
    { fault: "Readers are told no reconnection time.", killedBy: "life/reconnection-time" },
    (Base) =>
      class extends Base {
        override greeting(): string {
          return ": welcome\n\n";
        }
      },
  ),
  serverMutant(
    "compressor-holds-back",
    { fault: "The compressor is not flushed.", killedBy: "prompt/compressed" },
    () =>
      class extends CompressingServer {
        override flush(): void {}
      },
  ),
  serverMutant(
    "blank-line-comes-later",
    { fault: "The blank line of an event is written before the next one.", killedBy: "prompt/one-by-one" },
    (Base) =>
      class extends Base {
        override encode(entry: Entry): string {
          return `\n${super.encode(entry).slice(0, -1)}`;
        }
        override beat(): void {}
      },
  ),
  serverMutant(
    "subscribes-after-the-head",
    {
      fault: "The subscriber is registered after the head, and an await.",
      killedBy: "prompt/subscribed-with-the-head",
    },
    (Base) =>
      class extends Base {
        override register(exchange: Exchange): void {
          setTimeout(() => super.register(exchange), 50);
        }
      },
  ),
  serverMutant(
    "delivers-nothing",
    { fault: "Published events reach nobody.", killedBy: "attach/publish" },
    (Base) =>
      class extends Base {
        override deliver(): void {}
      },
  ),
];
