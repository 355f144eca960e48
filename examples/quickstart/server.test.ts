import { parseEventStream } from "ssekit";
import { type Program, startProgram } from "testing";
import { afterAll, beforeAll, expect, it } from "vitest";

let program: Program;
let url: string;

beforeAll(async () => {
  const server = new URL("server.ts", import.meta.url).pathname;
  program = await startProgram(["node", "--conditions=@ssekit/source", server], {
    until: /http:\S+/,
    env: { PORT: "0" },
  });
  url = program.match[0];
});
afterAll(async () => void (await program.stop()));

it("welcomes each reader with the number on line, and gives a retry hint", async () => {
  const ada = await connect("ada");
  expect(await ada.next()).toEqual({ type: "welcome", data: { user: "ada", online: 1 } });
  expect(ada.retry()).toBe(2000);
  const bob = await connect("bob");
  expect(await bob.next()).toEqual({ type: "welcome", data: { user: "bob", online: 2 } });
  await Promise.all([ada.leave(), bob.leave()]);
});

it("broadcasts named events to all, pushes to one user, and answers the number on line", async () => {
  const [ada, bob] = await Promise.all([connect("ada"), connect("bob")]);
  await Promise.all([ada.next(), bob.next()]);

  expect(await broadcast({ event: "news", data: { title: "Hello" } })).toEqual({
    id: expect.stringMatching(/^#/),
    online: 2,
  });
  const news = { type: "news", data: { title: "Hello" } };
  expect([await ada.next(), await bob.next()]).toEqual([news, news]);

  await broadcast({ data: "1", user: "ada" });
  await broadcast({ data: "2" });
  expect([await ada.next(), await ada.next()]).toEqual([message(1), message(2)]);
  expect(await bob.next()).toEqual(message(2));
  await Promise.all([ada.leave(), bob.leave()]);
});

it("says why a reader's stream ended", async () => {
  const eve = await connect("eve");
  await eve.next();
  await eve.leave();
  expect(program.output()).toContain("eve: done (client)");
});

it("answers bad input with a clear error, and goes on", async () => {
  const answer = await fetch(`${url}/api/sse/broadcast`, { method: "POST", body: "{" });
  expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining("JSON")]);
  const illegal = await fetch(`${url}/api/sse/broadcast`, { method: "POST", body: '{"event":"a\\nb","data":1}' });
  expect([illegal.status, await illegal.text()]).toEqual([400, expect.stringContaining("event")]);
  expect((await fetch(`${url}/nowhere`)).status).toBe(404);
});

const message = (data: number): object => ({ type: "message", data });

async function broadcast(body: object): Promise<unknown> {
  const answer = await fetch(`${url}/api/sse/broadcast`, { method: "POST", body: JSON.stringify(body) });
  expect(answer.status).toBe(200);
  return answer.json();
}

interface Reader {
  retry(): number | undefined;
  next(): Promise<unknown>;
  /** Fulfils when the server has heard of it, and counts the reader no more. */
  leave(): Promise<void>;
}

/** A reader of the stream, who does not show the hub's own cursor events. */
async function connect(user: string): Promise<Reader> {
  const response = await fetch(`${url}/api/sse/connect?user=${user}`);
  let retry: number | undefined;
  const events = parseEventStream(response, { onReconnectionTime: (ms) => (retry = ms) })[Symbol.asyncIterator]();
  return {
    retry: () => retry,
    async next(): Promise<unknown> {
      for (;;) {
        const { value } = await events.next();
        if (value?.type !== "ssekit.cursor") return value && { type: value.type, data: JSON.parse(value.data) };
      }
    },
    async leave() {
      const heard = (): number => program.output().split(`${user}: done`).length;
      const before = heard();
      await events.return?.();
      await expect.poll(heard).toBe(before + 1);
    },
  };
}
