import { join } from "node:path";
import type { ClientState } from "@ssekit/client";
import { runProgram, type Script, ScriptedServer, startProgram } from "testing";
import { afterEach, describe, expect, it } from "vitest";
import { type TailStreams, tail } from "./tail.ts";
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
    expect(out.replace(/^[\d:.]{12} /gm, "")).toBe("a #7 1\nmessage #7\n  two\n  lines\nmessage #7 \\x1b[2J\n");
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
    const { printer, complained } = print({ now: () => now });
    for (const pause of [4_999, 5_000]) {
      now += pause;
      printer.printComment("");
    }
    now += 4_000;
    printer.printState(connected);
    now += 4_000;
    printer.printComment("");
    expect(complained()).toBe(
      "00:00:04.999 -- heartbeat\n00:00:09.999 -- 5.0 s of silence\n00:00:09.999 -- heartbeat\n" +
        "00:00:13.999 -- connected\n00:00:17.999 -- heartbeat\n",
    );
  });

  it("prints pauses and gaps as JSON lines too", () => {
    let now = 0;
    const { printer, written } = print({ json: true, now: () => now });
    const pass = (): number => (now += 5_000);
    pass();
    printer.printEvent({ type: "a", data: "1", lastEventId: "7" });
    pass();
    printer.printGap({ reason: "expired", cursor: "#1" });
    const lines = written().split("\n").filter(Boolean);
    expect(lines.map((line) => JSON.parse(line))).toEqual([
      { kind: "pause", at: 5_000, ms: 5_000 },
      { kind: "event", at: 5_000, type: "a", data: "1", id: "7" },
      { kind: "pause", at: 10_000, ms: 5_000 },
      { kind: "gap", at: 10_000, reason: "expired", cursor: "#1" },
    ]);
  });

  it("lets a stream neither move the cursor nor change colours, in no part of it", () => {
    const { printer, written, complained } = print({ now: () => 0 });
    printer.printEvent({ type: "a\u001b", data: "b\u007f\tc", lastEventId: "d\u0007" });
    printer.printEvent({ type: "a\u001b", data: "b\nc\u009b", lastEventId: "" });
    printer.printComment("e\u009b");
    const time = "00:00:00.000";
    expect(written()).toBe(`${time} a\\x1b #d\\x07 b\\x7f\tc\n${time} a\\x1b\n  b\n  c\\x9b\n`);
    expect(complained()).toBe(`${time} -- comment e\\x9b\n`);
  });

  it("says what was answered, and when the next attempt is", () => {
    const { printer, complained } = print({ now: () => 0 });
    const response = new Response(null, { status: 503 });
    // The time of the attempt has passed.
    const waiting = { readyState: 0, attempt: 2, disconnection: { reason: "status", response }, nextAttemptAt: 0 };
    printer.printState({ ...connected, ...(waiting as Partial<ClientState>) });
    printer.printGap({ reason: "expired", cursor: "#1" });
    const time = "00:00:00.000";
    expect(complained()).toBe(
      `${time} -- lost (status 503); attempt 2 in 0.0 s\n` +
        `${time} -- gap: events are missing (expired); it goes on at #1\n`,
    );
  });

  it.each([
    ["the innermost cause of an error", new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") })],
    ["the code where there is no message", Object.assign(new AggregateError([]), { code: "connect ECONNREFUSED" })],
  ])("says why the network failed: %s", (_, error) => {
    const disconnection = { reason: "network-error", error } as const;
    const state = { ...connected, readyState: 0, disconnection, nextAttemptAt: 0 } as ClientState;
    const { printer, complained } = print({ now: () => 0 });
    printer.printState(state);
    expect(complained()).toMatch(/lost \(network-error: connect ECONNREFUSED\); attempt/);
    const json = print({ now: () => 0, json: true });
    json.printer.printState(state);
    expect(JSON.parse(json.written())).toMatchObject({ reason: "network-error", error: "connect ECONNREFUSED" });
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
    const args = ["-H", "Authorization: Bearer a:b", "--header", "x-a:b", "--post", '{"q":1}', "--last-event-id", "5"];
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
          "x-a": "b",
        }),
      }),
    ]);
  });

  it.each([
    [[], "text/plain;charset=utf-8"],
    [["-H", "Content-Type: text/x-question"], "text/x-question"],
  ])("sends a body that is no JSON with %j as %s", async (args, type) => {
    const { server } = await run([noContent], ["--post", "Why?", ...args]);
    expect(server.requests[0]).toMatchObject({ body: "Why?", headers: { "content-type": type } });
  });

  it("ends with 1 when the stream fails for good, and says why", async () => {
    const { code, err } = await run([(c) => c.head("404 Not Found").end()]);
    expect([code, err]).toEqual([
      1,
      expect.stringMatching(/^Cannot keep the event stream of .*: status \(404\); mend that\n$/),
    ]);
  });

  it.each([
    [[], "it needs a URL"],
    [["events"], "events is no URL; give an absolute one, such as http://localhost:8080/events"],
    [["ftp://a"], "ftp://a is no URL; give an absolute one"],
    [["http://a b"], "http://a b is no URL; give an absolute one"],
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

  it("says how it is called with --help, on stdout", async () => {
    const { code, out, err } = await run([], ["--help"]);
    expect([code, out, err]).toEqual([0, expect.stringContaining("Usage: ssekit tail <url>"), ""]);
  });

  it("says how it is called with --help, as a program", async () => {
    const { match, ended } = await start(["tail", "--help"], /Exit codes: .*/);
    expect([match[0], await ended]).toEqual([expect.stringContaining("2 the call is wrong"), 0]);
  }, 30_000);

  it("is a program that says its version", async () => {
    const { match, ended } = await start(["--version"], /^\d+\.\d+\.\d+$/m);
    expect([match.index, await ended]).toEqual([0, 0]);
  }, 30_000);

  it.each([
    [["head"], 2, "Cannot run ssekit: there is no command head"],
    [[], 2, "Cannot run ssekit: it needs a command"],
    [["--help"], 0, "Usage: ssekit <command>"],
  ])(
    "is a program that says for %j which commands it has",
    async (args, code, message) => {
      const { output, ended } = await start(args, /print the events/);
      expect([await ended, output()]).toEqual([code, expect.stringContaining(message)]);
    },
    30_000,
  );

  it.each(["SIGINT", "SIGTERM"] as const)(
    "is a program that %s ends",
    async (signal) => {
      const server = await serve([(c) => c.head().write("data: 1\n\n")]);
      const { stop } = await start(["tail", `${server.origin}/`], /message 1/);
      expect(await stop(signal)).toBe(0);
    },
    30_000,
  );

  it("is a program that ends quietly when who reads it has enough", async () => {
    const server = await serve([
      async (c) => {
        c.head();
        while (!c.socket.destroyed) {
          c.write("data: 1\n\n");
          await new Promise((resolve) => setImmediate(resolve));
        }
      },
    ]);
    const command = commandOf(["tail", `${server.origin}/`]);
    const { stdout, stderr } = await runProgram(["sh", "-c", '"$0" "$@" | head -n 1', ...command]);
    expect([stdout, stderr]).toEqual([
      expect.stringMatching(/^\S+ message 1\n$/),
      expect.stringMatching(/^\S+ -- connected\n$/),
    ]);
  }, 30_000);
});

const connected: ClientState = {
  readyState: 1,
  attempt: 1,
  disconnection: undefined,
  nextAttemptAt: undefined,
  closeReason: undefined,
};

/** A printer, and what it has printed so far. */
function print({ json = false, now }: { json?: boolean; now: () => number }): {
  printer: TailPrinter;
  written(): string;
  complained(): string;
} {
  let [written, complained] = ["", ""];
  const streams: TailStreams = {
    write: (text) => {
      written += text;
    },
    complain: (text) => {
      complained += text;
    },
    signal: new AbortController().signal,
    now,
  };
  return { printer: new TailPrinter(streams, { json }), written: () => written, complained: () => complained };
}

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
  return startProgram(commandOf(args), { until });
}

function commandOf(args: string[]): string[] {
  return [process.execPath, "--conditions=@ssekit/source", program, ...args];
}
