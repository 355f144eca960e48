import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import type { ServerDriver } from "../../src/server/driver.ts";
import type { PublishedEvent } from "../../src/server/publisher.ts";
import { Exchange, parseRequest, type ReceivedRequest } from "./exchange.ts";

/** An event with its place in the history. */
export interface Entry extends PublishedEvent {
  readonly n: number;
  /** The id on the wire; `undefined` for none. */
  readonly id: string | undefined;
}

/**
 * A plain, correct server on a raw socket, which the mutants break in one place each: every step that real servers get
 * wrong is a method of its own.
 */
export class ReferenceServer implements ServerDriver {
  readonly history: Entry[] = [];
  readonly subscribers: Set<Exchange> = new Set();
  /** Milliseconds between comments on a quiet stream. */
  heartbeat: number = 50;
  #server: Server | undefined;
  readonly #sockets = new Set<Socket>();
  readonly #beats = new Map<Exchange, NodeJS.Timeout>();

  async start(): Promise<string> {
    const server = createServer((socket) => this.connect(socket));
    this.#server = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
  }

  async stop(): Promise<void> {
    for (const beat of this.#beats.values()) clearInterval(beat);
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((resolve) => this.#server?.close(resolve));
  }

  // What the suite uses.

  publish(event: PublishedEvent): unknown {
    const entry = this.accept(event);
    this.history.push(entry);
    this.deliver(entry);
    return this.count();
  }

  count(): number {
    return this.subscribers.size;
  }

  closeAll(): unknown {
    for (const exchange of [...this.subscribers]) this.endStream(exchange);
    return undefined;
  }

  // Events.

  /** Takes an event, or throws what can't be carried. */
  accept(event: PublishedEvent): Entry {
    if (/[\r\n]/.test(event.event ?? "")) throw new TypeError("A type has no line end");
    if (/[\r\n\0]/.test(event.id ?? "")) throw new TypeError("An id has no line end and no NUL");
    return { ...event, n: this.history.length, id: this.idOf(event) };
  }

  idOf(event: PublishedEvent): string | undefined {
    return event.id ?? `own-${this.history.length}`;
  }

  /** The block of an event. */
  encode({ event, data, retry, id }: Entry): string {
    const lines = this.linesOf(data).map((line) => this.field("data", line));
    if (event !== undefined) lines.unshift(this.field("event", event));
    if (retry !== undefined) lines.unshift(this.field("retry", String(retry)));
    if (id !== undefined) lines.push(this.field("id", id));
    return `${lines.join("\n")}\n\n`;
  }

  linesOf(data: string): string[] {
    return data.split(/\r\n|\r|\n/);
  }

  field(name: string, value: string): string {
    return `${name}: ${value}`;
  }

  deliver(entry: Entry): void {
    const block = this.encode(entry);
    for (const exchange of [...this.subscribers]) this.send(exchange, block);
  }

  send(exchange: Exchange, text: string): void {
    exchange.write(text);
  }

  // Requests.

  connect(socket: Socket): void {
    this.#sockets.add(socket);
    socket.setNoDelay(true);
    socket.on("error", () => {});
    socket.on("close", () => this.#sockets.delete(socket));
    let text = "";
    const collect = (bytes: Buffer): void => {
      text += bytes.toString("latin1");
      const request = parseRequest(text);
      if (request === undefined) return;
      socket.off("data", collect);
      // What follows is dropped, and the end of the connection heard.
      socket.resume();
      this.handle(new Exchange(socket, request));
    };
    socket.on("data", collect);
  }

  handle(exchange: Exchange): void {
    const { method } = exchange.request;
    if (method === "HEAD") this.answerHead(exchange);
    else if (method !== "GET") this.refuseMethod(exchange);
    else if (!this.accepts(exchange.request)) exchange.refuse(406, []);
    else this.openStream(exchange);
  }

  answerHead(exchange: Exchange): void {
    exchange.answer(200, this.fields(exchange.request));
  }

  refuseMethod(exchange: Exchange): void {
    exchange.refuse(405, ["Allow: GET, HEAD"]);
  }

  accepts({ headers }: ReceivedRequest): boolean {
    const accept = headers.get("accept")?.toLowerCase();
    return accept === undefined || /\*\/\*|text\/\*|text\/event-stream/.test(accept);
  }

  /** The lines of the head of a stream, save for its framing. */
  fields(request: ReceivedRequest): string[] {
    return [
      "Content-Type: text/event-stream",
      "Cache-Control: no-cache, no-transform",
      "X-Accel-Buffering: no",
      ...this.corsFields(request),
    ];
  }

  corsFields({ headers }: ReceivedRequest): string[] {
    const origin = headers.get("origin");
    return origin === undefined ? [] : [`Access-Control-Allow-Origin: ${origin}`, "Vary: Origin"];
  }

  openStream(exchange: Exchange): void {
    exchange.onClose(() => this.leave(exchange));
    this.begin(exchange);
    this.register(exchange);
    this.replay(exchange);
  }

  /** The head and the first bytes. */
  begin(exchange: Exchange): void {
    exchange.head(200, this.fields(exchange.request));
    this.send(exchange, this.greeting());
  }

  greeting(): string {
    return ": welcome\nretry: 2000\n\n";
  }

  register(exchange: Exchange): void {
    this.subscribers.add(exchange);
    const beat = setInterval(() => this.beat(exchange), this.heartbeat);
    this.#beats.set(exchange, beat);
  }

  beat(exchange: Exchange): void {
    this.send(exchange, ": beat\n\n");
  }

  leave(exchange: Exchange): void {
    clearInterval(this.#beats.get(exchange));
    this.#beats.delete(exchange);
    this.subscribers.delete(exchange);
  }

  endStream(exchange: Exchange): void {
    this.leave(exchange);
    exchange.end();
  }

  // Resuming.

  /** The cursor of a request. */
  cursorOf({ headers, url }: ReceivedRequest): string | undefined {
    const header = headers.get("last-event-id");
    if (header !== undefined) return Buffer.from(header, "latin1").toString();
    return url.searchParams.get("lastEventId") ?? undefined;
  }

  replay(exchange: Exchange): void {
    const cursor = this.cursorOf(exchange.request);
    if (cursor === undefined) return;
    const missed = this.missedAfter(cursor);
    if (missed === undefined) this.send(exchange, this.gap());
    else for (const entry of missed) this.send(exchange, this.encode(entry));
  }

  /** The entries after a cursor; `undefined` if it is unknown. */
  missedAfter(cursor: string): Entry[] | undefined {
    const at = this.history.findIndex(({ id }) => id === cursor);
    return at < 0 ? undefined : this.history.slice(at + 1);
  }

  gap(): string {
    return "event: gap\ndata: unknown cursor\n\n";
  }
}
