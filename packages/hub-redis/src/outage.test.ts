import type { EventLog } from "@ssekit/hub";
import { describeWith, FaultProxy, type RedisServer, startRedis } from "testing";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { clientKinds, type TestClient } from "../test/clients.ts";
import { append, kept, newEntry } from "../test/new-entry.ts";
import { TailReader } from "../test/tail-reader.ts";
import type { IoredisClient } from "./redis-client.ts";
import { type RedisLogOptions, redisLog } from "./redis-log.ts";

/** Short, where a test waits for something that stays away; never where an answer is expected. */
const SHORT = 300;

describeWith("redis-server", "redisLog() when the store fails", (path) => {
  let server: RedisServer;
  const cleanups: (() => unknown)[] = [];

  beforeEach(async () => {
    server = await startRedis(path);
  });
  afterEach(async () => {
    for (const clean of cleanups.splice(0).reverse()) await clean();
    await server.close();
  });

  async function connect(kind: string, url: string): Promise<TestClient> {
    const made = await (clientKinds[kind] as (url: string) => Promise<TestClient>)(url);
    cleanups.push(made.end);
    return made;
  }

  async function openLog(kind: string, options: RedisLogOptions = {}, url = server.url): Promise<EventLog> {
    const log = redisLog((await connect(kind, url)).client, options);
    cleanups.push(() => log.close());
    return log;
  }

  async function startProxy(): Promise<{ proxy: FaultProxy; url: string }> {
    const proxy = await FaultProxy.start(server.port);
    cleanups.push(() => proxy.close());
    return { proxy, url: `redis://127.0.0.1:${proxy.port}` };
  }

  /** How many connections wait for news by XREAD. */
  async function blockedClients(): Promise<number> {
    return Number(/blocked_clients:(\d+)/.exec(await server.command("INFO clients"))?.[1]);
  }

  describe.each(Object.keys(clientKinds))("with %s", (kind) => {
    it("appends once though the reply is lost, whether or not the publisher gave an id (HUB A6)", async () => {
      const { proxy, url } = await startProxy();
      const log = await openLog(kind, {}, url);
      await append(log, "first");
      for (const id of [undefined, "mine"]) {
        const lost = proxy.loseReply("EVALSHA");
        const [appended] = await log.append([newEntry({ data: "once", id })]);
        await lost;
        expect(appended?.outcome).toBe(id === undefined ? "appended" : "repeated");
        expect((await log.head()).cursor).toBe(appended?.cursor);
      }
      expect(await kept(log)).toEqual(["first", "once", "once"]);
    });

    it("keeps what it acknowledged when the store is killed, and its tail goes on where it was (RULES B37)", async () => {
      const log = await openLog(kind);
      const tail = await TailReader.start(log);
      await append(log, "before");
      await tail.until(1);
      await server.kill();
      await server.start();
      const [cursor = ""] = await append(log, "after");
      await tail.until(2);
      expect([tail.data, tail.gaps]).toEqual([["before", "after"], []]);
      expect((await log.resolve(cursor)).gap).toBeUndefined();
    });

    it("tells a rollback when an older copy is restored, to readers and to its own tail (HUB A3)", async () => {
      const log = await openLog(kind);
      const tail = await TailReader.start(log);
      await append(log, "kept");
      const copy = await server.backUp();
      const [lost = "", alsoLost = ""] = await append(log, "lost", "also lost");
      await tail.until(3);
      await server.restore(copy);
      await tail.until(() => tail.gaps.length > 0);
      expect(tail.gaps).toEqual(["ahead"]);
      expect((await log.resolve(lost)).gap).toBe("ahead");
      await append(log, "in its place");
      await tail.until(4);
      expect((await log.resolve(lost)).gap).toBe("rolled-back");
      expect((await log.resolve(alsoLost)).gap).toBe("ahead");
      expect(tail.data).toEqual(["kept", "lost", "also lost", "in its place"]);
    });

    it("hears again when its connection has become deaf, and misses nothing (HUB C4)", async () => {
      const { proxy, url } = await startProxy();
      const deaf = await openLog(kind, { timeout: SHORT, maxOutage: 60_000 }, url);
      const log = await openLog(kind);
      // From a place that another asks for: a reply within so short a time is not to be counted on.
      const tail = await TailReader.start(deaf, await log.head());
      await append(log, "before");
      await tail.until(1);
      await expect.poll(blockedClients).toBe(1);
      proxy.cut();
      await append(log, "meanwhile", "and again");
      const deafness = expect(deaf.head()).rejects.toMatchObject({ code: "log-unavailable" });
      await deafness;
      // Connections that were open stay deaf, as behind a firewall that forgot them; new ones are let through.
      proxy.forget();
      await tail.until(3);
      await append(log, "after");
      await tail.until(4);
      expect([tail.data, tail.gaps]).toEqual([["before", "meanwhile", "and again", "after"], []]);
    });

    it("refuses clearly while the store is away, and again takes what comes when it is back", async () => {
      const log = await openLog(kind, { timeout: SHORT });
      const patient = await openLog(kind);
      await append(patient, "before");
      await server.kill();
      const refusalOf = (data: string): Promise<{ code: string; message: string }> =>
        append(log, data).then(
          () => Promise.reject(new Error("It was appended")),
          (error) => error,
        );
      // What was sent before the client noticed may still arrive, once; what there was no connection for may not.
      await expect
        .poll(() => refusalOf("sent"), { timeout: 20_000 })
        .toMatchObject({
          code: "log-unavailable",
          message: `Cannot reach the log in Redis: its client has had no connection for ${SHORT} ms; start Redis, or correct its address`,
        });
      await refusalOf("never sent");
      await server.start();
      // By its id, for one that was refused for want of a reply may have arrived.
      const after = newEntry({ data: "after", id: "after" });
      await expect.poll(() => log.append([after]).catch(() => []), { timeout: 20_000 }).toHaveLength(1);
      expect(await kept(patient)).not.toContain("never sent");
      expect((await kept(patient)).filter((data) => data !== "sent")).toEqual(["before", "after"]);
    });

    it("holds no more for a store that is away than it was told to", async () => {
      const log = await openLog(kind, { timeout: 2000, maxPendingBytes: 10_000 });
      await append(log, "before");
      server.pause();
      const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => append(log, "x".repeat(1000))));
      const reasons = outcomes.map((outcome) => (outcome.status === "rejected" ? String(outcome.reason) : ""));
      const count = (part: string): number => reasons.filter((reason) => reason.includes(part)).length;
      expect(count("bytes wait for the store already")).toBeGreaterThan(10);
      expect(count("no reply within 2000 ms")).toBeGreaterThan(5);
      // What the client still holds counts, though nobody waits for it any more.
      await expect(append(log, "x".repeat(9000))).rejects.toThrow("bytes wait for the store already");
      server.resume();
      await expect.poll(() => append(log, "x".repeat(9000)).catch(() => []), { timeout: 20_000 }).toHaveLength(1);
    });

    it("gives its tail up when the store is away too long, and says so (RULES B39)", async () => {
      const log = await openLog(kind, { timeout: SHORT, maxOutage: SHORT });
      const tail = await TailReader.start(log, await (await openLog(kind)).head());
      await server.kill();
      await expect(tail.ended).rejects.toMatchObject({
        code: "log-unavailable",
        message: expect.stringMatching(/^Cannot follow the log in Redis: the store has been away for \d+ ms$/),
      });
    });

    it("waits while its store is a replica, and goes on when it is the primary again (HUB C4)", async () => {
      const log = await openLog(kind);
      const tail = await TailReader.start(log);
      await append(log, "before");
      await tail.until(1);
      // Its blocked connections get UNBLOCKED, and writes READONLY.
      await server.command(`REPLICAOF 127.0.0.1 1`);
      const pending = append(log, "after");
      await server.command("REPLICAOF NO ONE");
      await pending;
      await tail.until(2);
      expect([tail.data, tail.gaps]).toEqual([["before", "after"], []]);
    });

    it("notices a flush though its connection lasts (HUB B4)", async () => {
      const log = await openLog(kind, { timeout: SHORT * 5 });
      const tail = await TailReader.start(log);
      await append(log, "before");
      await tail.until(1);
      await server.command("FLUSHALL");
      await append(log, "another history");
      await tail.until(() => tail.gaps.length > 0);
      expect(tail.gaps).toEqual(["foreign"]);
      await append(log, "goes on");
      await tail.until(() => tail.data.at(-1) === "goes on");
    });

    it("tells its tail what retention took before it was read (RULES B37)", async () => {
      const { proxy, url } = await startProxy();
      const slow = await openLog(kind, { maxCount: 3 }, url);
      const log = await openLog(kind, { maxCount: 3 });
      const tail = await TailReader.start(slow);
      await append(log, "one");
      await tail.until(1);
      proxy.cut();
      await append(log, ..."abcdef");
      proxy.heal();
      await tail.until(() => tail.position.n === 7);
      expect([tail.data, tail.gaps]).toEqual([["one", "d", "e", "f"], ["overrun"]]);
    });

    it("ends at once when it is closed while the store is away", async () => {
      const log = await openLog(kind);
      const tail = await TailReader.start(log);
      server.pause();
      await log.close();
      await tail.ended;
      server.resume();
    });
  });

  it("waits for a store that is loading", async () => {
    const { client } = await connect("ioredis", server.url);
    const { call } = client as IoredisClient;
    let refusals = 3;
    const loading = Object.assign(Object.create(client), {
      call: (command: string, args: string[]) => {
        refusals -= 1;
        if (refusals >= 0) return Promise.reject(new Error("LOADING Redis is loading the dataset in memory"));
        return call.call(client, command, args);
      },
    });
    const log = redisLog(loading);
    await append(log, "one");
    expect([await kept(log), refusals < 0]).toEqual([["one"], true]);
    await log.close();
  });
});
