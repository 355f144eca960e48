import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type Program, startProgram } from "./program.ts";
import { RawReader } from "./raw-reader.ts";

/** How an example is run. */
export interface ExampleOptions {
  /** The binary that runs it; this process's by default. */
  readonly runtime?: string;
}

/**
 * Describes what the example of each framework does, over raw sockets. It serves `/hello`, and `/events` to read from
 * and to publish to; it prints its address, and why a reader's stream ended.
 *
 * @param server the example's program
 */
export function describeExample(name: string, server: URL, { runtime = process.execPath }: ExampleOptions = {}): void {
  describe(name, () => {
    let program: Program;
    const readers: RawReader[] = [];

    beforeAll(async () => {
      const command = [runtime, "--conditions=@ssekit/source", fileURLToPath(server)];
      program = await startProgram(command, { until: /http:\/\/127\.0\.0\.1:(\d+)/, env: { PORT: "0" } });
    });
    afterEach(() => {
      for (const { socket } of readers.splice(0)) socket.destroy();
    });
    afterAll(() => program.stop("SIGKILL"));

    const get = async (path: string, first: string, ...headers: string[]): Promise<RawReader> => {
      const reader = new RawReader(Number(program.match[1]));
      readers.push(reader);
      reader.request(path, { headers: ["Origin: http://app.test", ...headers] });
      await reader.until(first);
      return reader;
    };
    const publish = async (data: unknown): Promise<string> => {
      const headers = { "content-type": "application/json" };
      const answer = await fetch(`${program.match[0]}/events`, { method: "POST", headers, body: JSON.stringify(data) });
      expect(answer.status).toBe(200);
      return ((await answer.json()) as { id: string }).id;
    };

    it("says hello, beside the headers that a middleware set", async () => {
      const reader = await get("/hello", "Hello world!\n\n");
      expect(reader.content).toBe(": \n\ndata: Hello world!\n\n");
      expect(reader.head).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^http\/1\.1 200 /),
          "access-control-allow-origin: *",
          "cache-control: no-cache, no-transform",
          "content-type: text/event-stream",
          "x-accel-buffering: no",
        ]),
      );
    });

    it("welcomes each reader with the number on line, and brings to all what is published", async () => {
      const all = [await get("/events", '{"online":1}'), await get("/events", '{"online":2}')];
      const id = await publish({ title: "Hello" });
      for (const reader of all) await reader.until(`event: news\ndata: {"title":"Hello"}\nid: ${id}\n\n`);
    });

    it("sees a reader leave, and gives it what it missed when it comes back", async () => {
      const reader = await get("/events", "event: welcome");
      const seen = program.output().length;
      const cursor = await publish({ title: "seen" });
      await reader.until(cursor);
      reader.socket.destroy();
      await expect.poll(() => program.output().slice(seen), { timeout: 4_000 }).toContain("ended (client)");
      const missed = await publish({ title: "missed" });
      const back = await get("/events", missed, `Last-Event-ID: ${cursor}`);
      expect(back.content).not.toContain("seen");
    });

    it("is quoted in docs/frameworks.md", () => {
      expect(readFileSync(server, "utf8")).toContain(quoteOf(name));
    });
  });
}

/** The code in a framework's section of the document. */
function quoteOf(name: string): string {
  const document = readFileSync(new URL("../../../docs/frameworks.md", import.meta.url), "utf8");
  const [, section = ""] = document.split(`\n## ${name}\n`);
  return /```ts\n(.+?)\n```/s.exec(section)?.[1] ?? `a section "${name}"`;
}
