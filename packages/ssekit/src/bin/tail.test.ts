import { join } from "node:path";
import { type Script, ScriptedServer, startProgram } from "testing";
import { afterEach, describe, expect, it } from "vitest";
import { tail } from "./tail.ts";
import { TailPrinter } from "./tail-printer.ts";

const servers: ScriptedServer[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const noContent: Script = (c) => c.head("204 No Content").end();
const program = join(import.meta.dirname, "ssekit.ts");

describe("ssekit tail", () => {
  it("prints events to stdout, and what happens between them to stderr", async () => {
    const { code, out, err, server } = await run([
      (c) =>
        c
          .head()
          .write(
            "retry: 500\n\n: hello\nevent: a\ndata: 1\nid: 7\n\ndata: two\ndata: lines\n\ndata: \u001b[2J\n\n" +
              'event: ssekit.gap\ndata: {"reason":"expired","cursor":"#9","range":{"first":1,"last":2}}\nid: #9\n\n',
          )
          .end(),
      noContent,
    ]);
    expect(out.replace(/^[\d:.]{12} /gm, "")).toBe("a [7] 1\nmessage [7]\n  two\n  lines\nmessage [7] \\x1b[2J\n");
    expect(err.replace(/^[\d:.]{12} -- /gm, "").replace(/in \d\.\d s/, "in N s")).toBe(
      [
        "connected",
        "comment hello",
        "gap: events are missing (expired, 1 to 2); it goes on at #9",
        "lost (end); attempt 2 in N s",
        "the stream has ended",
        "",
      ].join("\n"),
    );
    expect([code, server.requests[1]?.headers["last-event-id"]]).toEqual([0, "#9"]);
  });

  it("prints a pause of 5 s and more before what ends it", () => {
    let now = 0;
    const errors: string[] = [];
    const printer = new TailPrinter(
      { write: () => {}, complain: (text) => errors.push(text), signal: new AbortController().signal, now: () => now },
      { json: false },
    );
    for (const pause of [4_999, 5_000]) {
      now += pause;
      printer.printComment("");
    }
    expect(errors.join("")).toBe(
      "00:00:04.999 -- heartbeat\n00:00:09.999 -- 5.0 s of silence\n00:00:09.999 -- heartbeat\n",
    );
  });

  it("prints all of it as JSON lines with --json", async () => {
    const script: Script = (c) => c.head().write(":\n\ndata: a\\nb\n\n").end();
    const { out, err } = await run([script, noContent], ["--json"]);
    const lines = out
      .split("\n")
      .filter(Boolean)
      .map((line) => JSON.parse(line) as { kind: string });
    expect(lines.filter(({ kind }) => kind !== "state")).toEqual([
      { kind: "comment", at: expect.any(Number), comment: "" },
      { kind: "event", at: expect.any(Number), type: "message", data: "a\\nb", id: "" },
    ]);
    expect(lines.filter(({ kind }) => kind === "state")).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ readyState: 1, attempt: 1 }),
        expect.objectContaining({ readyState: 0, attempt: 2, reason: "end", wait: expect.any(Number) }),
        expect.objectContaining({ readyState: 2, closeReason: "end" }),
      ]),
    );
    expect(err).toBe("");
  });

  it("sends header fields, a body, and the last event ID", async () => {
    const args = ["-H", "Authorization: Bearer a:b", "--post", '{"q":1}', "--last-event-id", "5"];
    const { code, server } = await run([(c) => c.head().write("data: 1\n\n").end()], args);
    expect(code).toBe(0);
    expect(server.requests).toEqual([
      expect.objectContaining({
        method: "POST",
        body: '{"q":1}',
        headers: expect.objectContaining({
          authorization: "Bearer a:b",
          "content-type": "application/json",
          "last-event-id": "5",
        }),
      }),
    ]);
  });

  it("ends with 1 when the stream fails for good, and says why", async () => {
    const { code, err } = await run([(c) => c.head("404 Not Found").end()]);
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^Cannot keep the event stream of .*: the status is 404\n$/),
    ]);
  });

  it.each([
    [[], "it needs a URL"],
    [["events"], "events is no URL; give an absolute one, such as http://localhost:8080/events"],
    [["http://a", "http://b"], "it takes one URL, and http://b is another"],
    [["http://a", "--header", "x"], '"x" is no header field; write "name: value"'],
    [["http://a", "--colour"], "Unknown option '--colour'"],
  ])("ends with 2 for %j", async (args, message) => {
    let err = "";
    const complain = (text: string): void => {
      err += text;
    };
    const { signal } = new AbortController();
    expect(await tail(args, { write: () => {}, complain, signal })).toBe(2);
    expect(err).toContain(`Cannot tail: ${message}`);
    expect(err).toContain("Usage: ssekit tail <url>");
  });

  it("says how it is called with --help, as a program", async () => {
    const { match, ended } = await start(["tail", "--help"], /Exit codes: .*/);
    expect([match[0], await ended]).toEqual([expect.stringContaining("2 the call is wrong"), 0]);
  }, 30_000);

  it("is a program that refuses a command that it does not have", async () => {
    const { output, ended } = await start(["head"], /print the events/);
    expect([await ended, output()]).toEqual([
      2,
      expect.stringContaining("Cannot run ssekit: there is no command head"),
    ]);
  }, 30_000);

  it("is a program that a signal ends", async () => {
    const server = await serve([(c) => c.head().write("data: 1\n\n")]);
    const { stop } = await start(["tail", `${server.origin}/`], /message 1/);
    expect(await stop("SIGINT")).toBe(0);
  }, 30_000);
});

async function serve(scripts: Script[]): Promise<ScriptedServer> {
  const server = await ScriptedServer.start(...scripts);
  servers.push(server);
  return server;
}

async function run(
  scripts: Script[],
  args: string[] = [],
): Promise<{ code: number; out: string; err: string; server: ScriptedServer }> {
  const server = await serve(scripts);
  let [out, err] = ["", ""];
  const code = await tail([`${server.origin}/`, ...args], {
    write: (text) => {
      out += text;
    },
    complain: (text) => {
      err += text;
    },
    signal: new AbortController().signal,
  });
  return { code, out, err, server };
}

function start(args: string[], until: RegExp): ReturnType<typeof startProgram> {
  return startProgram([process.execPath, "--conditions=@ssekit/source", program, ...args], { until });
}
