import { parseEventStream } from "ssekit";
import { type Program, startProgram } from "testing";
import { afterAll, beforeAll, expect, it } from "vitest";

let program: Program;
let url: string;

beforeAll(async () => {
  const server = new URL("server.ts", import.meta.url).pathname;
  program = await startProgram(["node", "--conditions=@ssekit/source", server], {
    until: /http:\S+/,
    env: { PORT: "0", PACE: "40" },
  });
  url = program.match[0];
});
afterAll(async () => void (await program.stop()));

it("survives a reload: who comes again gets all of the answer, and who resumes the rest", async () => {
  const topic = await ask("why?");
  const { words, lastEventId } = await read(topic, { until: 3 });
  expect(words).toEqual(["You", "asked:", "why?"]);

  const all = ["You", "asked:", "why?", "That", "is", "a", "good", "question."];
  const [reloaded, resumed] = await Promise.all([read(topic), read(topic, { lastEventId })]);
  expect([reloaded.words, resumed.words]).toEqual([all, all.slice(3)]);
  const after = await fetch(`${url}/${topic}`, { headers: { "last-event-id": reloaded.lastEventId } });
  expect(after.status).toBe(204);
  await expect.poll(() => program.output()).toContain(`${topic}: done`);
});

it("stops the model when the answer is ended, and its readers get the end", async () => {
  const topic = await ask("word ".repeat(1000));
  const reading = read(topic);
  await fetch(`${url}/${topic}`, { method: "DELETE" });
  const { words } = await reading;
  expect(words.length).toBeLessThan(1000);
  await expect.poll(() => program.output()).toContain(`${topic}: ended`);
});

async function ask(question: string): Promise<string> {
  const answer = await fetch(`${url}/answers`, { method: "POST", body: question });
  return answer.text();
}

/** Reads an answer to its end, or until it has some words. */
async function read(
  topic: string,
  { until = Number.POSITIVE_INFINITY, lastEventId = "" } = {},
): Promise<{ words: string[]; lastEventId: string }> {
  const headers: Record<string, string> = lastEventId === "" ? {} : { "last-event-id": lastEventId };
  const words: string[] = [];
  let last = lastEventId;
  for await (const event of parseEventStream(await fetch(`${url}/${topic}`, { headers }))) {
    last = event.lastEventId;
    if (event.type === "message") words.push((JSON.parse(event.data) as { word: string }).word);
    if (words.length >= until) break;
  }
  return { words, lastEventId: last };
}
