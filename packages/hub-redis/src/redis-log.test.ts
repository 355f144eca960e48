import { createHub, type EventLog, formatCursor, memoryLog, parseCursor } from "@ssekit/hub";
import { eventLogCases, ScriptedSink } from "@ssekit/hub/testing";
import fc from "fast-check";
import { Redis } from "ioredis";
import { createClient } from "redis";
import { describeWith, type RedisServer, startRedis } from "testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { clientKinds, type TestClient } from "../test/clients.ts";
import { append, kept, newEntry } from "../test/new-entry.ts";
import { TailReader } from "../test/tail-reader.ts";
import { MAX_REDIS_MARKS } from "./defaults.ts";
import type { RedisClient } from "./redis-client.ts";
import { type RedisLogOptions, redisLog } from "./redis-log.ts";

/** What a clock says that stands still. */
const TAG = 5_000;

describeWith("redis-server", "redisLog()", (path) => {
  let server: RedisServer;
  let clients: Map<string, TestClient>;
  let client: RedisClient;
  let names = 0;
  const newName = (): string => `log ${names++}`;

  async function withLog<T>(options: RedisLogOptions, use: (log: EventLog) => Promise<T>): Promise<T> {
    const log = redisLog(client, { name: newName(), ...options });
    try {
      return await use(log);
    } finally {
      await log.close();
    }
  }

  beforeAll(async () => {
    server = await startRedis(path);
    const made = Object.entries(clientKinds).map(async ([kind, connect]) => [kind, await connect(server.url)] as const);
    clients = new Map(await Promise.all(made));
    client = clients.get("ioredis")?.client as RedisClient;
  });
  afterAll(async () => {
    for (const { end } of clients.values()) end();
    await server.close();
  });

  for (const kind of Object.keys(clientKinds)) {
    describe(`with ${kind}, as any EventLog`, () => {
      for (const { name, run } of eventLogCases) {
        it(name, async () => {
          const { client } = clients.get(kind) as TestClient;
          await run((settings) => redisLog(client, { name: newName(), ...settings }));
        });
      }
    });
  }

  it("reads no entries for a cursor that proves nothing, however many there are (RULES B34)", async () => {
    await withLog({}, async (log) => {
      await append(log, ...Array.from({ length: 200 }, (_, n) => `${n}`));
      const reads = async (): Promise<number> =>
        Number(/cmdstat_xrange:calls=(\d+)/.exec(await server.command("INFO commandstats"))?.[1]);
      for (const cursor of ["", "nonsense", "#other-1-1", "#other-999-1"]) {
        const before = await reads();
        expect((await log.resolve(cursor)).gap).toMatch(/unknown|foreign/);
        // The oldest entry, and the one that the cursor names.
        expect((await reads()) - before).toBeLessThanOrEqual(2);
      }
    });
  });

  it.each([
    ["ioredis with RESP2", (url: string) => new Redis(url, { protocol: 2 })],
    ["ioredis with RESP3's own shapes", (url: string) => new Redis(url, { replyMapping: "resp3" })],
    [
      "ioredis with numbers as text and a prefix",
      (url: string) => new Redis(url, { stringNumbers: true, keyPrefix: "app:" }),
    ],
    ["ioredis that connects late", (url: string) => new Redis(url, { lazyConnect: true })],
    ["redis with RESP2", (url: string) => createClient({ url, RESP: 2 })],
    ["redis with limits for its own commands", (url: string) => createClient({ url, socket: { socketTimeout: 500 } })],
  ])("works with a client of %s", async (_, make) => {
    const own = make(server.url);
    if ("isReady" in own) await own.connect();
    const log = redisLog(own, { name: newName(), timeout: 1000 });
    const tail = await TailReader.start(log);
    await append(log, "one");
    await tail.until(1);
    await append(log, "two", "three");
    await tail.until(3);
    expect(tail.data).toEqual(["one", "two", "three"]);
    expect(await log.trimmedAfter(undefined, (await log.floor()).cursor)).toBe(false);
    await log.close();
    if ("isReady" in own) own.destroy();
    else own.disconnect();
  });

  it("keeps all of a log in keys that one shard of a cluster holds (HUB A6)", async () => {
    const name = newName();
    await withLog({ name, maxCount: 1 }, async (log) => {
      await log.append([newEntry({ id: "one" }), newEntry({ end: true })]);
      await log.companion("control", { maxAge: 1e6, maxBytes: 1e6 }).append([newEntry()]);
      const keys = (await server.command("KEYS *")).match(/^.*\{.*$/gm) ?? [];
      const own = keys.filter((key) => key.includes(name));
      expect(own.length).toBeGreaterThan(4);
      for (const key of own) expect(key.startsWith(`{${name}}:`)).toBe(true);
    });
  });

  it("shares one order between nodes, and tells each what the others append (RULES B36)", async () => {
    const options = { name: newName() };
    const [one, other] = [...clients.values()].map(({ client }) => redisLog(client, options)) as [EventLog, EventLog];
    const tails = await Promise.all([TailReader.start(one), TailReader.start(other)]);
    await Promise.all(Array.from({ length: 200 }, (_, n) => append(n % 2 === 0 ? one : other, `${n}`)));
    for (const tail of tails) await tail.until(200);
    expect(tails[0].entries).toEqual(tails[1].entries);
    expect(tails[0].entries.map(({ position }) => position.n)).toEqual(Array.from({ length: 200 }, (_, n) => n + 1));
    await one.close();
    await other.close();
  });

  it("leaves the user's client open, and no connection of its own (DESIGN 4.2)", async () => {
    const connections = async (): Promise<string[]> =>
      (await server.command("CLIENT LIST")).match(/(?<=^id=)\d+(?!.* cmd=client)/gm) ?? [];
    // By their ids, for those of tests before may still be closing.
    const before = await connections();
    const log = redisLog(client, { name: newName() });
    const tails = await Promise.all([TailReader.start(log), TailReader.start(log)]);
    await append(log, "one");
    for (const tail of tails) await tail.until(1);
    const own = (await connections()).filter((id) => !before.includes(id));
    expect(own.length).toBe(2);
    await log.close();
    await Promise.all(tails.map((tail) => tail.ended));
    await expect.poll(async () => (await connections()).filter((id) => own.includes(id))).toEqual([]);
    await withLog({}, (next) => append(next, "still there"));
  });

  it("goes on when the store forgets the scripts", async () => {
    await withLog({}, async (log) => {
      await append(log, "one");
      await server.command("SCRIPT FLUSH");
      await append(log, "two");
      await server.command("SCRIPT FLUSH");
      expect(await kept(log)).toEqual(["one", "two"]);
    });
  });

  it("refuses a store that may evict the log (HUB C4)", async () => {
    await server.command("CONFIG SET maxmemory-policy allkeys-lru");
    try {
      await withLog({}, async (log) => {
        await expect(append(log, "one")).rejects.toMatchObject({
          code: "log-unavailable",
          message: expect.stringContaining("maxmemory-policy allkeys-lru may evict the log"),
        });
        const tail = await TailReader.start(log, { n: 0, cursor: "#a-0-1" });
        await expect(tail.ended).rejects.toMatchObject({ code: "log-unavailable" });
      });
      await server.command("CONFIG SET maxmemory-policy volatile-lru");
      await withLog({}, (log) => append(log, "one"));
    } finally {
      await server.command("CONFIG SET maxmemory-policy noeviction");
    }
  });

  it("says so when the store is full, and loses nothing acknowledged", async () => {
    await withLog({}, async (log) => {
      await append(log, "kept");
      await server.command("CONFIG SET maxmemory 1");
      await expect(append(log, "refused")).rejects.toMatchObject({
        code: "log-unavailable",
        message:
          "Cannot append to the log in Redis: the store is full; give it more memory or keep less, and publish again",
      });
      await server.command("CONFIG SET maxmemory 0");
      await append(log, "room again");
      expect(await kept(log)).toEqual(["kept", "room again"]);
    });
  });

  it("keeps so many, and never less than one", async () => {
    await withLog({ maxCount: 3 }, async (log) => {
      await append(log, ..."abcde");
      expect(await kept(log)).toEqual(["c", "d", "e"]);
    });
    await withLog({ maxCount: 1, maxBytes: 1 }, async (log) => {
      await append(log, "one");
      await append(log, "two");
      expect(await kept(log)).toEqual(["two"]);
    });
  });

  it("removes some at a time, so that nobody waits for it long", async () => {
    const name = newName();
    await withLog({ name }, (log) => append(log, ...Array.from({ length: 3000 }, () => "x")));
    await withLog({ name, maxCount: 10 }, async (log) => {
      const floors = [];
      for (let call = 0; call < 4; call += 1) floors.push((await log.floor()).n);
      expect(floors).toEqual([1000, 2000, 2990, 2990]);
    });
  });

  it("remembers for each topic what it removed of it, and says yes rather than no when it forgot (HUB B2)", async () => {
    await withLog({ maxCount: 1, clock: () => TAG }, async (log) => {
      await log.append([newEntry({ topics: ["rare"] }), newEntry({ topics: ["busy", "other"] }), newEntry()]);
      const at = await placesOf(log);
      expect([await log.trimmedAfter(["rare"], at(0)), await log.trimmedAfter(["rare"], at(1))]).toEqual([true, false]);
      expect([await log.trimmedAfter(["other"], at(1)), await log.trimmedAfter(["never"], at(0))]).toEqual([
        true,
        false,
      ]);
      // An older copy had another entry there, which was lost with all after it (HUB A3).
      const lost = at(1, TAG - 1);
      expect([await log.trimmedAfter(["rare"], lost), await log.trimmedAfter(["never"], lost)]).toEqual([true, false]);
      expect(await log.trimmedAfter(["never"], "no cursor")).toBe(true);
    });
    await withLog({ maxCount: 1, clock: () => TAG }, async (log) => {
      const topics = Array.from({ length: MAX_REDIS_MARKS + 2 }, (_, index) => `topic ${index}`);
      for (let at = 0; at < topics.length; at += 500) {
        await log.append(topics.slice(at, at + 500).map((topic) => newEntry({ topics: [topic] })));
      }
      await log.append([newEntry({ topics: ["last"] })]);
      expect((await log.floor()).n).toBe(MAX_REDIS_MARKS + 2);
      const at = await placesOf(log);
      expect([await log.trimmedAfter(["never"], at(1)), await log.trimmedAfter(["never"], at(2))]).toEqual([
        true,
        false,
      ]);
      expect(await log.trimmedAfter(["never"], at(2, TAG - 1))).toBe(true);
      expect([await log.trimmedAfter(["topic 2"], at(2)), await log.trimmedAfter(["topic 2"], at(3))]).toEqual([
        true,
        false,
      ]);
    });
  });

  it("says yes when the marks were lost", async () => {
    const name = newName();
    await withLog({ name, maxCount: 1, clock: () => TAG }, async (log) => {
      await append(log, "one", "two");
      const at = await placesOf(log);
      expect(await log.trimmedAfter(["never"], at(0))).toBe(false);
      const own = (await clients.get("ioredis"))?.client as Redis;
      await own.del(`{${name}}:marks`);
      expect(await log.trimmedAfter(["never"], at(0))).toBe(true);
    });
  });

  it("keeps text that is no valid Unicode, and topics apart that differ in nothing else", async () => {
    await withLog({ maxCount: 2, clock: () => TAG }, async (log) => {
      const [lone, other] = ["\ud800", "\udfff"];
      const given = [lone, other].map((text) =>
        newEntry({ topics: [text, '"\n'], id: text, key: text, data: `${text}\0` }),
      );
      await log.append(given);
      const { entries } = await log.read(await log.floor(), 1e6);
      expect(entries.map(({ position: _, ...entry }) => entry)).toEqual(given);
      expect((await log.find(other))?.n).toBe(2);
      await append(log, "x");
      const at = await placesOf(log);
      expect([await log.trimmedAfter([lone], at(0)), await log.trimmedAfter([other], at(0))]).toEqual([true, false]);
    });
  });

  it("never lets tags decrease, though the clock is set back", async () => {
    let now = 5000;
    await withLog({ clock: () => now }, async (log) => {
      await append(log, "one");
      now = 1000;
      expect((await append(log, "two"))[0]).toMatch(/-2-5000$/);
    });
  });

  it("takes the time from the store, so that the nodes' clocks don't matter", async () => {
    await withLog({}, async (log) => {
      const [cursor = ""] = await append(log, "one");
      const [seconds] = (await server.command("TIME")).match(/^\d{10}/gm) ?? [];
      expect(Math.abs(Number(cursor.split("-").at(-1)) / 1000 - Number(seconds))).toBeLessThan(60);
    });
  });

  it("refuses a stream that something else writes to", async () => {
    const name = newName();
    await withLog({ name }, async (log) => {
      await append(log, "one");
      const own = clients.get("ioredis")?.client as Redis;
      const last = (await own.xrevrange(`{${name}}:entries`, "+", "-", "COUNT", 1))[0] as [string, string[]];
      await own.xadd(`{${name}}:entries`, "9999999999999-7", ...last[1]);
      await expect(log.read(await log.floor(), 1e6)).rejects.toMatchObject({
        code: "log-unavailable",
        message: expect.stringContaining("don't follow one another"),
      });
    });
  });

  it.each([
    { maxBytes: 0 },
    { maxAge: -1 },
    { maxCount: 0 },
    { timeout: Number.NaN },
    { maxOutage: 0 },
    { maxPendingBytes: 0 },
  ])("refuses %o", (options) => {
    expect(() => redisLog(client, options)).toThrow(RangeError);
  });

  it.each(["", "{a}", "a}b"])("refuses the name %j", (name) => {
    expect(() => redisLog(client, { name })).toThrow(TypeError);
  });

  it("brings a reader that changes nodes on where it was, without loss and without a repeat", async () => {
    const options = { name: newName() };
    const [one, other] = [...clients.values()].map(({ client }) => createHub({ log: redisLog(client, options) }));
    const reader = new ScriptedSink();
    await one?.subscribe(reader, "news");
    await one?.publish("news", { data: "one" });
    await expect.poll(() => reader.events.length).toBe(2);
    reader.leave();
    await one?.publish("news", { data: "two" });
    await one?.close();

    const back = new ScriptedSink({ lastEventId: reader.cursor });
    await other?.subscribe(back, "news");
    await other?.publish("news", { data: "three" });
    await expect.poll(() => back.events.map(({ data }) => data)).toEqual(["", "two", "three"]);
    await other?.close();
  });

  type Step = { append: { data: string; id: string | undefined; end: boolean }[] } | { wait: number } | { flush: true };
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 4,
      arbitrary: fc.record({
        append: fc.array(
          fc.record({
            data: fc.string({ maxLength: 200 }),
            id: fc.option(fc.constantFrom("k", "l"), { nil: undefined }),
            end: fc.boolean(),
          }),
          { minLength: 1, maxLength: 4 },
        ),
      }),
    },
    fc.record({ wait: fc.nat(400) }),
    fc.record({ flush: fc.constant(true as const) }),
  );

  it("holds what a log in memory holds, whatever is appended and removed", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
        let now = 1000;
        const settings = { maxBytes: 2000, maxAge: 1000, clock: () => now };
        const model = memoryLog(settings);
        const log = redisLog(client, { name: newName(), ...settings });
        const starts: [string, string][] = [[(await log.head()).cursor, (await model.head()).cursor]];
        for (const taken of steps) {
          if ("wait" in taken) now += taken.wait;
          else if ("flush" in taken) await server.command("SCRIPT FLUSH");
          else {
            const entries = taken.append.map(({ data, id, end }) =>
              newEntry({ data, id, end, topics: [data.slice(0, 1) || "a"] }),
            );
            const [expected, actual] = [await model.append(entries), await log.append(entries)];
            expect(actual.map(({ outcome }) => outcome)).toEqual(expected.map(({ outcome }) => outcome));
            expect(actual.map(({ cursor }) => placeOf(cursor))).toEqual(expected.map(({ cursor }) => placeOf(cursor)));
            starts.push([(await log.head()).cursor, (await model.head()).cursor]);
          }
          expect((await log.floor()).n).toBe((await model.floor()).n);
        }
        const read = async (from: EventLog): Promise<unknown> => {
          const { entries } = await from.read(await from.floor(), 1e6);
          return entries.map(({ position, ...entry }) => ({ ...entry, at: placeOf(position.cursor) }));
        };
        expect(await read(log)).toEqual(await read(model));
        expect((await log.ends(["a", "b"])).map((end) => end?.n)).toEqual(
          (await model.ends(["a", "b"])).map((end) => end?.n),
        );
        for (const [ours, theirs] of starts) {
          expect(await log.trimmedAfter(["a"], ours)).toBe(await model.trimmedAfter(["a"], theirs));
        }
        await log.close();
      }),
      { numRuns: 30 },
    );
  });
});

/** A cursor without its epoch; a log that is new has a place in time of its own. */
function placeOf(cursor: string): string {
  return cursor.replace(/^#[^-]+/, "");
}

/** The cursors of a log whose entries all have the tag {@linkcode TAG}. */
async function placesOf(log: EventLog): Promise<(n: number, tag?: number) => string> {
  const { epoch = "" } = parseCursor((await log.head()).cursor) ?? {};
  return (n, tag = TAG) => formatCursor({ epoch, n, tag });
}
