import { type ScriptedConnection, ScriptedServer } from "testing";

/** A server of one page and of one stream, `/events`, that continues after the last event ID. */
export class EventLogServer {
  readonly #server: ScriptedServer;
  readonly #log: string[] = [];
  readonly #open = new Set<ScriptedConnection>();
  /** When each connection to the stream began. */
  readonly connectedAt: number[] = [];
  /** The last event ID that the connection after the others continued from. */
  lastEventId: string | undefined;
  /** What the next connections to the stream are answered with instead. */
  refusal: string | undefined;

  private constructor(server: ScriptedServer, script: string) {
    this.#server = server;
    server.script = (c, { path, headers }) => {
      if (path.startsWith("/events")) {
        this.lastEventId = headers["last-event-id"];
        this.#stream(c, Number(this.lastEventId ?? this.#log.length));
      } else if (path === "/page.js") answer(c, "text/javascript", script);
      else
        answer(
          c,
          "text/html",
          '<!doctype html><meta charset="utf-8"><div id="root"></div><script type="module" src="/page.js"></script>',
        );
    };
  }

  /** Starts one whose page runs a script. */
  static async start(script: string): Promise<EventLogServer> {
    return new EventLogServer(await ScriptedServer.start(), script);
  }

  get origin(): string {
    return this.#server.origin;
  }

  /** How many connections to the stream are open. */
  get connections(): number {
    return this.#open.size;
  }

  /** How many events were published. */
  get published(): number {
    return this.#log.length;
  }

  /** Publishes an event whose id is its number, from 1, and whose data too. */
  publish(): void {
    this.#log.push(`data: ${this.#log.length + 1}\nid: ${this.#log.length + 1}\n\n`);
    for (const connection of this.#open) connection.write(this.#log.at(-1) as string);
  }

  /** Sends to all what is in no log. */
  write(text: string): void {
    for (const connection of this.#open) connection.write(text);
  }

  /** Fulfils once no connection to the stream is open. */
  async drained(): Promise<void> {
    await Promise.all([...this.#open].map(({ closed }) => closed));
  }

  /** Breaks all connections to the stream off. */
  cut(): void {
    for (const connection of this.#open) connection.reset();
  }

  close(): void {
    this.#server.close();
  }

  #stream(c: ScriptedConnection, after: number): void {
    this.connectedAt.push(Date.now());
    if (this.refusal !== undefined) {
      c.head(this.refusal, "Content-Length: 0").end();
      return;
    }
    this.#open.add(c);
    void c.closed.then(() => this.#open.delete(c));
    c.head().write(`:\n\n${this.#log.slice(after).join("")}`);
  }
}

function answer(c: ScriptedConnection, type: string, body: string): void {
  c.head("200 OK", `Content-Type: ${type};charset=utf-8`, `Content-Length: ${Buffer.byteLength(body)}`)
    .write(body)
    .end();
}
