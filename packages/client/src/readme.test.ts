import { readFileSync } from "node:fs";
import { join } from "node:path";
import * as codec from "@ssekit/codec";
import { type RecordedRequest, ScriptedServer } from "testing";
import { expect, it } from "vitest";
import { noContent, short } from "../test/scripts.ts";
import { fromReadableStream } from "./from-readable-stream.ts";
import * as client from "./mod.ts";
import { SharedEventSourceClient } from "./shared.ts";

const modules: Record<string, object> = {
  "@ssekit/codec": codec,
  "@ssekit/client": client,
  "@ssekit/client/from-readable-stream": { fromReadableStream },
  "@ssekit/client/shared": { SharedEventSourceClient },
};

it("the README's examples run", async () => {
  const readme = readFileSync(join(import.meta.dirname, "../README.md"), "utf8");
  const examples = [...readme.matchAll(/```ts\n([\s\S]*?)```/g)].map(([, example = ""]) => example);
  const requests = await Promise.all(examples.map(run));
  expect(requests.map(([first]) => [first?.method, first?.body, first?.headers["x-attempt"]])).toEqual([
    ["GET", "", "1"],
    ["POST", "Why?", undefined],
    ["GET", "", undefined],
    ["GET", "", undefined],
  ]);
  expect(examples.map((example) => logs.get(example))).toEqual([
    ["message", '"Hello"', "headline", '{"title":"A"}'],
    ['"Hello"'],
    ["A"],
    ['"Hello"'],
  ]);
});

/** What each example logged. */
const logs = new Map<string, unknown[]>();

/** Runs an example until it has logged something and its stream is over; gives what it asked for. */
async function run(example: string): Promise<RecordedRequest[]> {
  const server = await ScriptedServer.start(
    short('data: "Hello"\n\nevent: headline\ndata: {"title":"A"}\n\n'),
    noContent,
  );
  const given: Record<string, unknown> = {};
  const program = example
    .replace(/^import \{ (.*) \} from "(.*)";$/gm, (_line, name: string, from: string) => {
      given[name] = Reflect.get(modules[from] ?? {}, name);
      return "";
    })
    .replace(/defineEvents<.*>\(\)/, "defineEvents()")
    .replace(/"https?:\/\/(localhost:8080|example\.com)\//, `"${server.origin}/`);
  const logged: unknown[] = [];
  logs.set(example, logged);
  const AsyncFunction = (async () => {}).constructor as FunctionConstructor;
  await new Promise<void>((resolve, reject) => {
    given.console = { log: (...line: unknown[]) => resolve(void logged.push(...line)) };
    AsyncFunction(...Object.keys(given), program)(...Object.values(given)).catch(reject);
  });
  // What reads from a response does not come again.
  if (given.fromReadableStream === undefined) await server.received(2);
  server.close();
  return server.requests;
}
