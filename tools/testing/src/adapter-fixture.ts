/** What the fixture uses of an `EventStream`: a tool knows no package. */
export interface FixtureStream {
  readonly lastEventId: string | undefined;
  readonly desiredSize: number;
  readonly closed: Promise<string>;
  readonly signal: AbortSignal;
  send(event: { event?: string; data: unknown }): void;
  sendAll(source: AsyncIterable<{ data: unknown }>): Promise<void>;
  close(reason?: "end"): void;
  hold(): void;
  refuse(status: number): void;
}

/** What the garbage collector leaves, which the program is started to expose. */
export interface Kept {
  readonly streams: number;
  /** All that the program has on its heap. */
  readonly bytes: number;
}

/** Bytes of data of each event of `/flood` and `/source`. */
export const LARGE = 65_536;

/** How many events `/source` gives: more than a connection holds, wherever it runs. */
export const SOURCE_EVENTS = 200;

/**
 * The program under test, save for how a runtime serves it. A path says what a stream does, its query the options and
 * the name by which `/ask/...` asks about it later.
 */
export class AdapterFixture {
  readonly #streams = new Map<string, FixtureStream>();
  #inMemory = 0;
  readonly #collected = new FinalizationRegistry<undefined>(() => {
    this.#inMemory -= 1;
  });
  readonly #stop: () => void;

  constructor(stop: () => void) {
    this.#stop = stop;
  }

  /** The options that a URL asks for. */
  init(url: string): { heartbeat: number; retry?: number } {
    const { searchParams } = new URL(url, "http://localhost");
    const retry = searchParams.get("retry");
    return {
      heartbeat: Number(searchParams.get("heartbeat") ?? 60_000),
      ...(retry !== null && { retry: Number(retry) }),
    };
  }

  /** Plays a stream's part. */
  play(url: string, stream: FixtureStream): void {
    const { pathname, searchParams } = new URL(url, "http://localhost");
    const name = searchParams.get("name");
    if (name !== null) this.#streams.set(name, stream);
    this.#inMemory += 1;
    this.#collected.register(stream, undefined);
    if (pathname === "/greet") stream.send({ event: "greeting", data: { cursor: stream.lastEventId } });
    else if (pathname === "/hold") stream.hold();
    else if (pathname === "/refuse") stream.refuse(204);
    else if (pathname === "/close") stream.close();
    else if (pathname === "/end") void turn().then(() => stream.close());
    else if (pathname === "/flood") void this.#flood(stream);
    else if (pathname === "/source") void stream.sendAll(largeEvents()).finally(() => stream.close("end"));
  }

  /** The answer to a question about a stream, once it is known; `undefined` if the URL asks for a stream. */
  answer(url: string): Promise<string> | undefined {
    const { pathname, searchParams } = new URL(url, "http://localhost");
    if (!pathname.startsWith("/ask/")) return undefined;
    return this.#answer(pathname.slice("/ask/".length), searchParams.get("name") ?? "");
  }

  async #answer(question: string, name: string): Promise<string> {
    const stream = this.#streams.get(name);
    if (question === "stop") this.#end();
    else if (question === "kept") return JSON.stringify(await this.#kept());
    else if (stream === undefined) return `no stream has the name ${name}`;
    else if (question === "closed") return await stream.closed;
    else if (question === "tell") stream.send({ data: "told" });
    else if (question === "behind") while (stream.desiredSize > 0 && !stream.signal.aborted) await turn();
    return "done";
  }

  /** Stops the server once this question is answered, and prints how the streams heard of it. */
  #end(): void {
    const reasons = [...this.#streams.values()].map(({ closed }) => closed);
    void Promise.all(reasons).then((all) => console.log(`closed as ${all.join()}`));
    setImmediate(this.#stop);
  }

  async #kept(): Promise<Kept> {
    // Not all of a stream goes in one collection, and what is found dead is told in a later turn.
    for (let round = 0; round < 10; round++) {
      (globalThis as { gc?(): void }).gc?.();
      await turn();
    }
    return { streams: this.#inMemory, bytes: process.memoryUsage().heapUsed };
  }

  async #flood(stream: FixtureStream): Promise<void> {
    while (!stream.signal.aborted) {
      stream.send({ data: "x".repeat(LARGE) });
      await turn();
    }
  }
}

async function* largeEvents(): AsyncGenerator<{ data: string }> {
  for (let n = 0; n < SOURCE_EVENTS; n++) yield { data: `${n} `.padEnd(LARGE, "x") };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
