import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Kept, LARGE, SOURCE_EVENTS } from "./adapter-fixture.ts";
import { PATIENCE } from "./patience.ts";
import { type Program, startProgram } from "./program.ts";
import { RawReader } from "./raw-reader.ts";

/** How many readers come and go. */
const CYCLES = 10_000;

/** The comment that every stream begins with, and that a heartbeat is. */
const COMMENT = ": \n\n";

/** The program under test, for what one runtime alone must do. */
export interface AdapterContext {
  /** Opens a connection, which the end of the test closes. */
  connect(): RawReader;
  /** Asks the fixture; `within` ms, on a quiet machine. */
  ask(question: string, within?: number): Promise<string>;
}

/**
 * Describes what an adapter must do on a runtime, over raw sockets. The program serves `AdapterFixture`, and prints
 * `listening on <port>`.
 *
 * @param command the program and its arguments
 * @param more tests that only this runtime needs
 */
export function describeAdapter(name: string, command: string[], more?: (context: AdapterContext) => void): void {
  describe(name, () => {
    let program: Program;
    const readers: RawReader[] = [];

    beforeAll(async () => {
      program = await start(command);
    });
    afterEach(() => {
      for (const { socket } of readers.splice(0)) socket.destroy();
    });
    afterAll(() => program.stop("SIGKILL"));

    const connect = (): RawReader => {
      const reader = new RawReader(portOf(program));
      readers.push(reader);
      return reader;
    };
    const ask = (question: string, within = 5_000): Promise<string> => askFixture(program, question, within);
    const get = async (path: string, ...headers: string[]): Promise<RawReader> => {
      const reader = connect();
      reader.request(path, { headers });
      await reader.until(COMMENT);
      return reader;
    };

    it("answers the head and the first bytes at once (RULES B9, B11, B12)", async () => {
      const reader = connect();
      reader.request("/quiet?retry=500");
      await reader.until("retry: 500\n\n");
      expect(reader.head).toEqual([
        "cache-control: no-cache, no-transform",
        "content-type: text/event-stream",
        "http/1.1 200 ok",
        "transfer-encoding: chunked",
        "x-accel-buffering: no",
      ]);
      expect(reader.content).toBe(": \nretry: 500\n\n");
    });

    it.each([
      ["the header", "/greet", [`Last-Event-ID: ${latin1("é")}`], "é"],
      ["the query", "/greet?lastEventId=7", [], "7"],
      ["the header before the query", "/greet?lastEventId=7", ["Last-Event-ID: 8"], "8"],
      ["nowhere", "/greet", [], undefined],
    ])("reads the cursor from %s (RULES B35)", async (_where, path, headers, cursor) => {
      const reader = await get(path, ...headers);
      const event = `event: greeting\ndata: ${latin1(JSON.stringify({ cursor }))}\n\n`;
      await reader.until(event);
      expect(reader.content).toBe(COMMENT + event);
    });

    it("sends heartbeats (RULES B20)", async () => {
      const reader = await get("/quiet?heartbeat=100");
      await reader.until(COMMENT, { times: 3 });
      // Another may have come with the third.
      expect(reader.content).toMatch(/^(?:: \n\n){3,}$/);
    });

    it("sends what comes later, each in its turn", async () => {
      const reader = await get("/quiet?name=told");
      await ask("tell?name=told");
      await reader.until("data: told\n\n");
      expect(reader.content).toBe(`${COMMENT}data: told\n\n`);
    });

    it("answers HEAD with the head of GET, and serves the connection on (RULES B13)", async () => {
      const reader = connect();
      reader.request("/greet", { method: "HEAD" });
      await reader.until("\r\n\r\n");
      const { head } = reader;
      expect(head).toContain("http/1.1 200 ok");
      expect(head).toContain("content-type: text/event-stream");
      expect(head.filter((line) => line.startsWith("content-length"))).toEqual([]);
      reader.text = "";
      reader.request("/end");
      await reader.until("\r\n0\r\n\r\n");
      expect(reader.content).toBe(COMMENT);
    });

    it("says no length of a stream that is closed in the turn which opened it (RULES B11)", async () => {
      const reader = connect();
      reader.request("/close");
      await reader.until("\r\n0\r\n\r\n");
      expect(reader.content).toBe(COMMENT);
      expect(reader.head).toContain("transfer-encoding: chunked");
      expect(reader.head.filter((line) => line.startsWith("content-length"))).toEqual([]);
    });

    it("answers 406 to a GET that excludes event streams, and never to a POST (RULES B15)", async () => {
      const reader = connect();
      reader.request("/greet", { headers: ["Accept: application/json"] });
      await reader.until("\r\n\r\n");
      expect(reader.head).toContain("http/1.1 406 not acceptable");
      const posting = connect();
      posting.request("/end", { method: "POST", headers: ["Accept: application/json", "Content-Length: 0"] });
      await posting.until("\r\n0\r\n\r\n");
      expect(posting.head).toContain("http/1.1 200 ok");
    });

    it("answers 204 to say stop (RULES B14)", async () => {
      const reader = connect();
      reader.request("/refuse");
      await reader.until("\r\n\r\n");
      expect(reader.head).toContain("http/1.1 204 no content");
      expect(reader.head.filter((line) => /^(content-|transfer-)/.test(line))).toEqual([]);
    });

    it.each(["end", "destroy", "resetAndDestroy"] as const)(
      "hears within a second of a reader who calls %s (RULES B18)",
      async (how) => {
        const reader = await get(`/quiet?name=${how}`);
        reader.socket[how]();
        expect(await ask(`closed?name=${how}`, 1_000)).toBe("client");
      },
    );

    it("hears by the end of a hold of a reader who leaves in it (RULES B17)", async () => {
      const reader = connect();
      reader.request("/hold?name=held");
      await untilOpen(ask, "held");
      reader.socket.destroy();
      expect(await ask("closed?name=held", 2_000)).toMatch(/^(client|server)$/);
    });

    it(`keeps nothing of ${CYCLES} readers who opened a stream and left (RULES B18)`, async () => {
      await openAndLeave(portOf(program), CYCLES / 10);
      const before = JSON.parse(await ask("kept")) as Kept;
      await openAndLeave(portOf(program), CYCLES);
      const after = JSON.parse(await ask("kept")) as Kept;
      expect(after.streams - before.streams).toBeLessThan(10);
      // Where nothing leaks a collection leaves up to seventy bytes a reader more than the one before, or fewer.
      expect((after.bytes - before.bytes) / CYCLES).toBeLessThan(200);
    }, 60_000);

    it("gives a source at the pace of a reader that drips, all of it (RULES B19)", async () => {
      const reader = connect();
      reader.socket.pause();
      reader.request("/source?name=drip");
      await untilOpen(ask, "drip");
      await ask("behind?name=drip");
      reader.socket.on("data", () => {
        reader.socket.pause();
        setImmediate(() => reader.socket.resume());
      });
      reader.socket.resume();
      expect(await ask("closed?name=drip", 60_000)).toBe("end");
      await reader.until("\r\n0\r\n\r\n");
      const numbers = [...reader.content.matchAll(/^data: (\d+) x+\n\n/gm)].map(([, number]) => Number(number));
      expect(numbers).toEqual(Array.from({ length: SOURCE_EVENTS }, (_, n) => n));
    }, 90_000);

    it("has nothing to say on its own account until here", () => {
      expect(program.output()).toBe(`${program.match[0]}\n`);
    });

    it("drops a reader that stopped, with what was not taken (RULES B19)", async () => {
      const reader = connect();
      reader.socket.pause();
      reader.request("/flood?name=flood");
      await untilOpen(ask, "flood");
      expect(await ask("closed?name=flood")).toBe("overflow");
      reader.socket.resume();
      await reader.closed;
      expect(reader.text.endsWith("\r\n0\r\n\r\n")).toBe(false);
      expect(reader.text.length).toBeGreaterThan(LARGE);
    });

    it("hears of a server that stops with streams open, and ends with it (RULES B25)", async () => {
      const stopping = await start(command);
      const open = Array.from({ length: 3 }, () => new RawReader(portOf(stopping)));
      for (const [n, reader] of open.entries()) {
        reader.request(`/quiet?name=${n}`);
        await reader.until(COMMENT);
      }
      await askFixture(stopping, "stop", 5_000).catch(() => {});
      await Promise.all(open.map(({ closed }) => closed));
      expect(await stopping.ended).toBe(0);
      expect(stopping.output()).toMatch(/^closed as (server,server,server|client,client,client)$/m);
    });

    more?.({ connect, ask });
  });
}

function start(command: string[]): Promise<Program> {
  return startProgram(command, { until: /listening on (\d+)/ });
}

function portOf({ match }: Program): number {
  return Number(match[1]);
}

async function askFixture(program: Program, question: string, within: number): Promise<string> {
  const response = await fetch(`http://127.0.0.1:${portOf(program)}/ask/${question}`, {
    signal: AbortSignal.timeout(within * PATIENCE),
  });
  return response.text();
}

/** Opens so many streams, fifty at a time, and leaves each. */
async function openAndLeave(port: number, count: number): Promise<void> {
  const next = Array.from({ length: count }).values();
  const worker = async (): Promise<void> => {
    for (const _ of next) {
      const reader = new RawReader(port);
      reader.request("/quiet");
      await reader.until(COMMENT);
      // A reset, for a port that was closed in good order is not free for a minute.
      reader.socket.resetAndDestroy();
      await reader.closed;
    }
  };
  await Promise.all(Array.from({ length: 50 }, worker));
}

/** Waits for a stream of that name, whose reader doesn't read. */
async function untilOpen(ask: AdapterContext["ask"], name: string): Promise<void> {
  while ((await ask(`is-open?name=${name}`)) !== "done");
}

/** The UTF-8 bytes of a text, as a raw reader shows them. */
function latin1(text: string): string {
  return Buffer.from(text).toString("latin1");
}
