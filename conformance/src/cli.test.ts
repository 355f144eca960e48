import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Ended, PATIENCE, runProgram, startProgram } from "testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runHere } from "../testees/run-here.ts";
import { AREAS } from "./areas.ts";

const cli = fileURLToPath(new URL("./cli.ts", import.meta.url));
const codec = fileURLToPath(new URL("../testees/codec.ts", import.meta.url));
const lines = fileURLToPath(new URL("../testees/json-lines.ts", import.meta.url));
const onNode = process.versions.bun === undefined && process.versions.deno === undefined;
const node = [process.execPath, "--conditions=@ssekit/source"];
/** Most of a start is the reading of modules, which need not be done each time. */
const cached = { NODE_COMPILE_CACHE: join(tmpdir(), "ssekit-conformance-cache") };

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "conformance-"));
  // Wrong in one way: an id without data is not seen.
  writeFileSync(
    join(folder, "wrong.mjs"),
    `export const createParser = (onEvent) => {
      let rest = "", data = "", type = "", id = "", last = "";
      const decoder = new TextDecoder("utf-8", { ignoreBOM: true });
      let first = true;
      const line = (text) => {
        if (text === "") {
          if (data !== "") { last = id; onEvent({ type: type || "message", data: data.slice(0, -1), lastEventId: last }); }
          id = last; data = type = "";
          return;
        }
        const [, name, value = ""] = /^([^:]*)(?::? ?)?([^]*)$/.exec(text);
        if (name === "data") data += value + "\\n";
        if (name === "event") type = value;
        if (name === "id" && !value.includes("\\0")) id = value;
      };
      let cr = false;
      return {
        push(bytes) {
          let text = decoder.decode(bytes, { stream: true });
          if (text === "") return;
          if (first && text[0] === "\\ufeff") text = text.slice(1);
          first = false;
          if (cr && text[0] === "\\n") text = text.slice(1);
          cr = text.endsWith("\\r");
          const parts = (rest + text).split(/\\r\\n|\\n|\\r/);
          rest = parts.pop();
          parts.forEach(line);
        },
        end() {},
      };
    };`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A module of this text, in the folder where the suite is run. */
function module(name: string, text: string): string {
  writeFileSync(join(folder, name), text);
  return `./${name}`;
}

/** The start of a driver of a server that is right, as far as a first look goes. */
const SERVER = `
  import { createServer } from "node:http";
  const readers = new Set();
  const server = createServer((_, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" }).write(":\\n\\n");
    readers.add(response);
  });
  const driver = {
    async start() {
      await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
      return "http://127.0.0.1:" + server.address().port;
    },
    publish({ data }) {
      for (const reader of readers) reader.write("data: " + data + "\\n\\n");
    },
  };
`;

function run(...args: string[]): Promise<Ended> {
  return runHere(args, { cwd: folder });
}

/** In a process of its own, for what a process alone shows: its end, and what nobody catches. */
function runProcess(...args: string[]): Promise<Ended> {
  return runProgram([...node, cli, ...args], { cwd: folder, env: cached });
}

describe.runIf(onNode)("ssekit-conformance", { timeout: 60_000 * PATIENCE }, () => {
  it("passes our parser, as a module and as a program, and ends with 0", async () => {
    const module = await run("parser", "--module", `${codec}#createParser`, "--strict");
    expect(module).toMatchObject({ code: 0, stderr: "" });
    expect(module.stdout).toMatch(/: \d+ passed, 0 failed\n/);
    // What goes over the lines of JSON is shown by the rest.
    const skipped = ["--skip", "parse/data/large", "parse/generated/"];
    const program = await run("parser", "--strict", ...skipped, "--", ...node, lines);
    expect(program).toMatchObject({ code: 0, stderr: "" });
    expect(program.stdout).toMatch(/^@ssekit\/codec: \d+ passed, 0 failed$/m);
  });

  it("ends with 1 at a broken rule, and says what came, which sentence it breaks and how to repair it", async () => {
    const { code, stdout } = await run("parser", "--module", "./wrong.mjs#createParser", "--only", "parse/id/*");
    expect(code).toBe(1);
    expect(stdout).toMatch(/✗ parse\/id\/without-data {2}MUST\n/);
    expect(stdout).toContain("@chunk=whole");
    expect(stdout).toContain('expected  message "a" (last event ID "1"), message "b"');
    expect(stdout).toContain('got       message "a", message "b"');
    expect(stdout).toContain('standard  "Set the last event ID string');
    expect(stdout).toContain("https://html.spec.whatwg.org/multipage/server-sent-events.html#dispatchMessage");
    expect(stdout).toContain("repair    Set the last event ID at each blank line");
  });

  it.each([
    [[], "Usage: ssekit-conformance"],
    [["parser"], "none is named"],
    [["parser", "--module", "./nothing.mjs"], "there is no such file"],
    [["parser", "--module", "./wrong.mjs"], "the module exports createParser; name one behind #"],
    [["parser", "--", "/nonexistent-program"], "there is no program /nonexistent-program"],
    [["parser", "--", ...node, "-e", ""], 'it gave no answer to "start": it ended with exit code 0; the README has'],
    [["parser", "--", ...node, "-e", "console.log('hello')"], "it wrote a line that is no JSON object: hello"],
    [["parser", "--", ...node, "-e", "console.log('null')"], "it wrote a line that is no JSON object: null"],
    [["client", "--", "/nonexistent-program"], "the command could not be started before it answered at http://127"],
    [["client", "--url", "localhost"], "it is no URL of http: or https:; give one such as"],
    [["parser", "stray", "--module", "./wrong.mjs#createParser"], "Cannot take stray"],
    [["parser", "--module", "./wrong.mjs#createParser", "--only", "parse/nope"], "no case of parser has that id"],
    [
      ["parser", "--module", "./wrong.mjs#createParser", "--skip", "parse/id/*", "parse/nope"],
      "Cannot take parse/nope",
    ],
    [["parser", "--module", "./wrong.mjs#createParser", "--replay", "nope.json"], "Cannot read the report nope.json"],
    [["parser", "--module", "./wrong.mjs#createParser", "--update-expected"], "name their file"],
    [["proxy"], "missing required argument 'url'"],
    [["proxy", "http://127.0.0.1/", "--", "nginx"], "Cannot start a proxy by the command nginx: start it before"],
    [["http://127.0.0.1/", "http://127.0.0.2/"], "one URL is tested at a time"],
    [["server", "--only", "server/head/", "http://127.0.0.1/"], "put the URL before this option"],
    [["server", "init", "--nope"], "unknown option '--nope'"],
    [["list", "nope"], "the areas are"],
    [["list", "parser", "client"], "too many arguments"],
    [["explain", "parse/retry/nope"], "parse/retry/zero"],
  ])("ends with 2 for %j, and says what to do", async (args, message) => {
    const { code, stderr } = await run(...args);
    expect(stderr).toContain(message);
    expect(stderr).not.toMatch(/^ {4}at /m);
    expect(code).toBe(2);
  });

  it("ends a process with the same", async () => {
    const { code, stdout, stderr } = await runProcess("parser", "--module", "./nothing.mjs");
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^Cannot attach the parser .*: there is no such file\n$/);
  });

  it("refuses a program that echoes what it reads", async () => {
    const echo = "process.stdin.pipe(process.stdout)";
    const { code, stdout } = await run("parser", "--", ...node, "-e", echo);
    expect(stdout).toMatch(/was asked for "unknown-\w+", which doesn't exist/);
    expect(code).toBe(2);
  });

  it.each([
    ["has no steps", "{}", '"steps": undefined; 2 are due'],
    ["has too few", "{ steps: [{ events: [] }] }", "1 step; 2 are due"],
    ["has a step that is none", "{ steps: [null, 1] }", 'a step is null; give it "events"'],
  ])("says what is wrong with an answer of a program that %s", async (_what, answer, message) => {
    const program = `require("node:readline").createInterface(process.stdin).on("line", (line) => {
      const { seq, cmd } = JSON.parse(line);
      const answers = { start: { version: 1 }, run: ${answer} };
      console.log(JSON.stringify({ seq, ...(answers[cmd] ?? { unsupported: true }) }));
    });`;
    const { code, stdout } = await run("parser", "--", ...node, "-e", program);
    expect(stdout).toContain(`error     Cannot read the answer to "run": `);
    expect(stdout).toContain(message);
    expect(stdout).not.toMatch(/^ +at /m);
    expect(code).toBe(2);
  });

  it("ends with 2 where a subject in its process throws what nobody can catch", async () => {
    const text = `export const createParser = () => ({
      push() { setTimeout(() => { throw new Error("too late"); }); return new Promise(() => {}); }, end() {} });`;
    const { code, stderr } = await runProcess("parser", "--module", `${module("late.mjs", text)}#createParser`);
    expect(stderr).toContain("Cannot go on: the subject, or the suite, threw outside of any case: Error: too late");
    expect(code).toBe(2);
  });

  it("ends when it is done, whatever a driver has left open", async () => {
    const driver = module("open.mjs", `${SERVER} export default driver;`);
    const { code, stdout } = await runProcess("server", "--driver", driver, "--only", "server/attach/");
    expect(stdout).toContain("2 passed, 0 failed");
    expect(code).toBe(0);
  });

  it("ends with 2 where a driver can't stop, though the report is there", async () => {
    const text = `${SERVER} export default { ...driver, stop() { throw new Error("still busy"); } };`;
    const driver = module("busy.mjs", text);
    const { code, stdout, stderr } = await run("server", "--driver", driver, "--only", "server/attach/");
    expect(stdout).toContain("2 passed, 0 failed");
    expect(stderr).toBe("Cannot stop the server: still busy; see stop() of the driver\n");
    expect(code).toBe(2);
  });

  it("excuses expected failures, and no pass of theirs", async () => {
    const expected = join(folder, "expected.json");
    const args = [
      "parser",
      "--module",
      "./wrong.mjs#createParser",
      "--only",
      "parse/id/*",
      "--expected-failures",
      expected,
    ];
    expect((await run(...args, "--update-expected")).code).toBe(0);
    expect(Object.keys(JSON.parse(readFileSync(expected, "utf8")) as object)).toEqual(["parse/id/without-data"]);
    expect((await run(...args)).code).toBe(0);
    writeFileSync(expected, '{ "parse/id/*": { "reason": "x" } }');
    const { code, stdout } = await run(...args);
    expect(code).toBe(1);
    expect(stdout).toContain("parse/id/persists is expected to fail, and passed: take it off the list");
  });

  it("writes every form of the report, and replays what failed with its seed", async () => {
    const forms = ["json", "junit", "html", "markdown", "badge"];
    const files = forms.flatMap((form) => [`--${form}`, `report.${form}`]);
    const args = ["parser", "--module", "./wrong.mjs#createParser", "--skip", "parse/data/large"];
    expect((await run(...args, "--seed", "7", ...files)).code).toBe(1);
    const [json = "", junit, html, markdown, badge] = forms.map((form) =>
      readFileSync(join(folder, `report.${form}`), "utf8"),
    );
    expect(JSON.parse(json)).toMatchObject({ schema: 1, area: "parser", seed: 7, exitCode: 1 });
    expect(json).not.toContain("parse/data/large");
    expect(junit).toContain("<failure");
    expect(html).toContain("<!doctype html>");
    expect(markdown).toContain("| `parse/id/without-data` | MUST | ✗ |");
    expect(badge).toContain("<svg");

    const { stdout } = await run(...args, "--replay", "report.json");
    expect(stdout).toContain("0 passed, 2 failed");
    expect(stdout).toContain("--seed 7");
    const table = await run("report", "report.json", "report.json");
    expect(table.stdout).toContain("| `parse/id/without-data` | MUST | ✗ | ✗ |");
  });

  it("keeps standard output for the report that goes there", async () => {
    const { stdout } = await run(
      "parser",
      "--module",
      "./wrong.mjs#createParser",
      "--only",
      "parse/id/*",
      "--json",
      "-",
    );
    expect(JSON.parse(stdout)).toMatchObject({ area: "parser", counts: { fail: 1 } });
  });

  it("takes a bare URL for a server, and lets advice fail it under --strict alone", async () => {
    const server = createServer((_, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).write(":\n\n");
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    try {
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
      const args = [url, "--only", "server/attach/smoke", "server/head/caches-are-kept-off"];
      const lenient = await run(...args);
      expect(lenient.stdout).toContain("server/head/caches-are-kept-off  PRACTICE, advice");
      expect(lenient.stdout).toContain("1 failed (1 of them advice)");
      expect(lenient.code).toBe(0);
      expect((await run(...args, "--strict")).code).toBe(1);
    } finally {
      server.closeAllConnections();
      server.close();
    }
  });

  it("runs the cases of an older version, and tells those that pass where it is asked to", async () => {
    const args = ["parser", "--module", `${codec}#createParser`, "--only", "parse/id/*"];
    const { stdout } = await run(...args, "--as-of", "0.1.0", "--verbose");
    expect(stdout).toContain("✓ parse/id/without-data");
    const { stderr, code } = await run(...args, "--as-of", "0.0.1");
    expect(stderr).toContain("none of parser is left");
    expect(code).toBe(2);
  });

  it("runs again when a file changes, with what the file says now", async () => {
    const watched = mkdtempSync(join(folder, "watched-"));
    const file = join(watched, "parser.mjs");
    const deaf = "export const createParser = () => ({ push() {}, end() {} });";
    writeFileSync(file, deaf);
    const args = ["parser", "--module", "./parser.mjs#createParser", "--only", "parse/smoke/*", "--json", "out.json"];
    const watching = await startProgram([...node, cli, ...args, "--watch"], {
      until: /Watching for changes/,
      cwd: watched,
      env: cached,
    });
    try {
      expect(watching.output()).toContain("0 passed, 1 failed");
      writeFileSync(file, `export { createParser } from ${JSON.stringify(codec)};`);
      await expect.poll(watching.output, { timeout: 30_000 * PATIENCE }).toContain("1 passed, 0 failed");
    } finally {
      await watching.stop();
    }
  });

  it("lists and explains cases", async () => {
    const { stdout } = await run("list", "--json");
    const cases = JSON.parse(stdout) as { id: string }[];
    expect(cases.map(({ id }) => id)).toEqual(AREAS.flatMap((area) => area.cases.map(({ id }) => id)));
    const explained = await run("explain", "parse/retry/*");
    expect(explained.stdout).toContain("parse/retry/zero\n  Zero is a reconnection time.\n");
    expect(explained.stdout).toContain("format-field-retry.any.js");
  });
});
