import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { freePort } from "./free-port.ts";
import { type Program, startProgram } from "./program.ts";
import { RawReader } from "./raw-reader.ts";
import { StandaloneExample } from "./standalone-example.ts";

/** How an example is run. */
export interface ExampleOptions {
  /** The binary that runs it; this process's by default. */
  readonly runtime?: string;
}

/** How an example that is no workspace is built and run. */
export interface StandaloneExampleOptions {
  /** Its folder, which ends with a slash. */
  readonly folder: URL;
  /** What Node runs once it is built; it gets `HOST` and `PORT`. */
  readonly command: readonly string[];
  /** The source that its section of docs/frameworks.md quotes, in the folder. */
  readonly quoted: string;
  /** A test of its own, which is given its copy. */
  readonly also?: { readonly name: string; readonly test: (example: StandaloneExample) => Promise<void> };
}

/** Describes an example that is no workspace: installed from its own lock file, built and started as a user would. */
export function describeStandaloneExample(name: string, options: StandaloneExampleOptions): void {
  const { folder, command, quoted, also } = options;
  const example = new StandaloneExample(folder);
  const start = async (): Promise<Program> => {
    const env = { NODE_ENV: "production", HOST: "127.0.0.1", PORT: String(await freePort()) };
    return startProgram([process.execPath, ...command], { until: address, env, cwd: example.folder });
  };
  describe(name, () => {
    beforeAll(async () => {
      await example.install();
      await example.run("npm", "run", "build");
    }, INSTALL_TIMEOUT);
    afterAll(() => example.remove());
    describeServer(name, { start, quoted: new URL(quoted, folder) });
    if (also !== undefined) it(also.name, () => also.test(example), INSTALL_TIMEOUT);
  });
}

/** How long npm and a framework's build may take. */
const INSTALL_TIMEOUT = 300_000;

const address = /http:\/\/127\.0\.0\.1:(\d+)/;

/**
 * Describes what the example of each framework does, over raw sockets. It serves `/hello`, and `/events` to read from
 * and to publish to; it prints its address, and why a reader's stream ended.
 *
 * @param server the example's program
 */
export function describeExample(name: string, server: URL, { runtime = process.execPath }: ExampleOptions = {}): void {
  const command = [runtime, "--conditions=@ssekit/source", fileURLToPath(server)];
  const start = (): Promise<Program> => startProgram(command, { until: address, env: { PORT: "0" } });
  describeServer(name, { start, quoted: server });
}

function describeServer(name: string, { start, quoted }: { start: () => Promise<Program>; quoted: URL }): void {
  describe(name, () => {
    let program: Program;
    const readers: RawReader[] = [];

    beforeAll(async () => {
      program = await start();
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
      await expect.poll(() => program.output().slice(seen)).toContain("ended (client)");
      const missed = await publish({ title: "missed" });
      const back = await get("/events", missed, `Last-Event-ID: ${cursor}`);
      expect(back.content).not.toContain("seen");
    });

    it("is quoted in docs/frameworks.md", () => {
      expect(readFileSync(quoted, "utf8")).toContain(quoteOf(name));
    });
  });
}

/** The code in a framework's section of the document. */
function quoteOf(name: string): string {
  const document = readFileSync(new URL("../../../docs/frameworks.md", import.meta.url), "utf8");
  const [, section = ""] = document.split(`\n## ${name}\n`);
  return /```ts\n(.+?)\n```/s.exec(section)?.[1] ?? `a section "${name}"`;
}
