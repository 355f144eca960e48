import { fileURLToPath } from "node:url";
import { type DispatchedEvent, parseEventStream } from "@ssekit/codec";
import { describeWith, FaultProxy, type Program, type RedisServer, startProgram, startRedis } from "testing";
import { afterAll, beforeAll, expect, it } from "vitest";

// What one process asks of all reaches the readers of every other, by companions of the log in a real Redis (HUB A11, B8).

const TIMEOUT = 60_000;

describeWith("redis-server", "two processes on one Redis", (path) => {
  let redis: RedisServer;
  /** Between the other process and the store. */
  let proxy: FaultProxy;
  let one: Process;
  let other: Process;

  beforeAll(async () => {
    redis = await startRedis(path);
    proxy = await FaultProxy.start(redis.port);
    [one, other] = await Promise.all([start(redis.port), start(proxy.port)]);
  }, TIMEOUT);
  afterAll(async () => {
    await Promise.all([one, other].map(({ program }) => program.stop("SIGKILL")));
    await proxy.close();
    await redis.close();
  });

  it("disconnect a user's streams on each other, and nobody else's (RULES B42)", { timeout: TIMEOUT }, async () => {
    const [ann, bob] = [await other.read("ann"), await other.read("bob")];
    await one.post("/disconnect?user=ann");
    await ann.closed;
    await one.post("/publish?topic=news&data=later");
    await bob.until(({ data }) => data === "later");
    expect(ann.data).toEqual([]);
  });

  it("judge a user's streams again on each other: a new filter holds from here on, and none ends them (HUB B9)", {
    timeout: TIMEOUT,
  }, async () => {
    const ann = await other.read("ann");
    await one.post("/publish?topic=news&data=first");
    await ann.until(({ data }) => data === "first");
    await other.post("/grant?user=ann&topic=sport");
    await one.post("/reauthorize?user=ann");
    // Her process has judged her when it lets her have the first of these.
    for (let count = 1; !ann.data.includes("goal"); count += 1) {
      await one.post(`/publish?topic=sport&data=goal`);
      if (count > 1000) throw new Error("Nobody judged her");
    }
    await one.post("/publish?topic=news&data=withheld");
    await one.post("/publish?topic=sport&data=end");
    await ann.until(({ data }) => data === "end");
    expect(ann.data).not.toContain("withheld");
    await other.post("/grant?user=ann");
    await one.post("/reauthorize?user=ann");
    await ann.closed;
    const answer = await fetch(`${other.url}/events?user=ann`);
    expect(answer.status).toBe(403);
    await answer.body?.cancel();
  });

  it("heed what was asked while they were cut off, when they can read on (HUB A11)", { timeout: TIMEOUT }, async () => {
    const cat = await other.read("cat");
    proxy.cut();
    await one.post("/disconnect?user=cat");
    expect(cat.isClosed).toBe(false);
    proxy.heal();
    await cat.closed;
  });

  it("know who is there on both, and forget those of one that is killed (RULES B41)", {
    timeout: TIMEOUT,
  }, async () => {
    const dan = await one.read("dan");
    await other.read("eve");
    await dan.until(({ type, data }) => type === "ssekit.presence" && data.includes("eve"));
    expect(await one.post("/users")).toEqual(expect.arrayContaining([["eve", 1]]));
    await other.program.stop("SIGKILL");
    await dan.until(({ data }) => data.includes('"left"') && data.slice(data.indexOf('"left"')).includes("eve"));
    expect(await one.post("/users")).toEqual([["dan", 1]]);
  });
});

// Helpers

/** Their clocks go ten times as fast, so that a lease of 30 s is over in 3. */
async function start(store: number): Promise<Process> {
  const file = fileURLToPath(new URL("control-node.ts", import.meta.url));
  const command = [process.execPath, "--conditions=@ssekit/source", file, `redis://127.0.0.1:${store}`, "10"];
  return new Process(await startProgram(command, { until: /listening at (\S+)/ }));
}

/** One of the processes. */
class Process {
  readonly program: Program;

  constructor(program: Program) {
    this.program = program;
  }

  get url(): string {
    return this.program.match[1] as string;
  }

  async post(path: string): Promise<unknown> {
    return (await fetch(`${this.url}${path}`, { method: "POST" })).json();
  }

  /** A user's stream, once it has told its cursor. */
  async read(user: string): Promise<StreamReader> {
    const reader = new StreamReader(await fetch(`${this.url}/events?user=${user}`));
    await reader.until(({ type }) => type === "ssekit.cursor");
    return reader;
  }
}

/** What a stream gives until it ends. */
class StreamReader {
  readonly events: DispatchedEvent[] = [];
  /** Fulfils when it has ended, however it did. */
  readonly closed: Promise<void>;
  isClosed = false;
  #heard: () => void = () => {};

  constructor({ body }: Response) {
    this.closed = this.#read(body as ReadableStream<Uint8Array>).catch(() => {});
    void this.closed.then(() => {
      this.isClosed = true;
      this.#heard();
    });
  }

  /** The data of what was published. */
  get data(): string[] {
    return this.events.filter(({ type }) => !type.startsWith("ssekit.")).map(({ data }) => data);
  }

  async until(is: (event: DispatchedEvent) => boolean): Promise<void> {
    while (!this.events.some(is)) {
      if (this.isClosed) throw new Error(`The stream ended, having given ${JSON.stringify(this.events)}`);
      await new Promise<void>((resolve) => {
        this.#heard = resolve;
      });
    }
  }

  async #read(body: ReadableStream<Uint8Array>): Promise<void> {
    for await (const event of parseEventStream(body)) {
      this.events.push(event);
      this.#heard();
    }
  }
}
