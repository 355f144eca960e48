import fc from "fast-check";
import { CaseFailure } from "../../case.ts";
import { counted } from "../../counted.ts";
import { parseByReference } from "../../reference-parser.ts";
import { type ClientCase, clientCase } from "../client-case.ts";
import { standard } from "../client-standard.ts";
import type { Exchange } from "../exchange.ts";
import { QUICK_RETRY, type TriedClient } from "../tried-client.ts";

/** How many courses of a conversation are drawn, and how many steps each has at most. */
const COURSES = 8;
const STEPS = 8;

/** Milliseconds after which no smaller course is looked for, as a multiple of what a case waits for one thing. */
const SHRINKING = 6;

/**
 * What the standard's client knows: the last event IDs that it may have, and those of the stream's buffer. There may be
 * two, for the standard begins each stream with an empty buffer, and engines with the last event ID.
 */
interface Model {
  last: readonly string[];
  buffer: readonly string[];
}

/** The client, and the stream that it reads. */
interface Real {
  readonly client: TriedClient;
  stream: Exchange;
}

type Step = fc.AsyncCommand<Model, Real>;

/** RULES A18, A24 to A42, all at once: whatever a server does, step by step, against a model of the client. */
export const generatedCases: readonly ClientCase[] = [
  clientCase({
    id: "client/generated/agrees-with-the-model",
    rule: "Whatever comes over whatever connections, each event is told once and the last event ID is sent.",
    standard: standard.again,
    repair: "The steps are the fewest that show the difference: follow them through your client.",
    deadline: 120_000,
    async run({ start, subject, context }) {
      const property = fc.asyncProperty(
        fc.commands(steps(), { maxCommands: STEPS, disableReplayLog: true }),
        async (commands) => {
          context.signal.throwIfAborted();
          const client = await start();
          await client.listen("update");
          const real: Real = { client, stream: await client.request() };
          try {
            begin(real.stream);
            await fc.asyncModelRun(() => ({ model: { last: [""], buffer: [""] }, real }), commands);
          } finally {
            await client.close();
            real.stream.reset();
          }
        },
      );
      const { failed, counterexample, errorInstance } = await fc.check(property, {
        seed: context.seed,
        numRuns: COURSES,
        interruptAfterTimeLimit: SHRINKING * subject.patience,
      });
      if (!failed) return;
      if (!(errorInstance instanceof CaseFailure)) throw errorInstance;
      const { message, expected, actual } = errorInstance;
      const course = String(counterexample?.[0]).split(",").join(", then ");
      throw new CaseFailure(`${message}, after these steps (seed ${context.seed}), as few as fail: ${course}`, {
        expected,
        actual,
      });
    },
  }),
];

/** What a server may do next. */
function steps(): fc.Arbitrary<Step>[] {
  const piece = fc.constantFrom(0, 0, 1, 2, 3);
  return [
    fc.record({ lines: block(), end: fc.constantFrom("\n", "\r\n"), piece }).map(sendBlock),
    fc.record({ lines: block(), end: fc.constantFrom("\n", "\r\n"), piece }).map(sendBlock),
    fc.constantFrom("end" as const, "break off" as const).map(reconnect),
    block().map((lines) => reconnect("break off", lines)),
    fc.constantFrom(":\n", ": note\n\n", "\n\n", "event: update\n\n", "retry: 50\n\n").map(sendNothing),
    fc.constant(undefined).map(refuseOnce),
  ];
}

/** The lines of a block with data. Ids without data stand in a case of their own: engines lose them. */
function block(): fc.Arbitrary<string[]> {
  const value = fc.constantFrom("a", "", " a", "a: b", "é", "\ufeff", "😀", "x".repeat(300));
  const space = fc.constantFrom(" ", "");
  const data = fc.tuple(space, value).map((parts) => `data:${parts.join("")}`);
  const id = fc.constantFrom("id: 1", "id:abc", "id", "id: ", "id: \0", "id: 7");
  const other = fc.constantFrom("event: update", "event", "unknown: x", "Data: x", ": comment", "data");
  const lines = fc.tuple(data, fc.array(fc.oneof(data, id, id, other), { maxLength: 3 }));
  return lines.chain(([first, more]) => fc.shuffledSubarray([first, ...more], { minLength: more.length + 1 }));
}

/** Begins a stream that is reestablished soon. */
function begin(stream: Exchange): void {
  stream.head().write(QUICK_RETRY);
}

/** A block, whole: the client tells its event. */
function sendBlock({ lines, end, piece }: { lines: readonly string[]; end: string; piece: number }): Step {
  const text = [...lines, "", ""].join(end);
  const id = lines.filter((line) => line.startsWith("id") && !line.includes("\0")).at(-1);
  const event = parseByReference(new TextEncoder().encode(text)).find((outcome) => outcome.kind === "event")?.event;
  const how = piece === 0 ? "" : ` in pieces of ${counted(piece, "byte")}`;
  return step(`the block ${shown(text)}${how}`, async (model, real) => {
    if (piece === 0) real.stream.write(text);
    else await real.stream.writeInPieces(text, piece);
    const { event: told } = await real.client.next("event", `the event of ${shown(text)}`);
    const ids = id === undefined ? model.buffer : [id.replace(/^id:? ?/, "")];
    const got = { type: told.type || "message", data: told.data, lastEventId: told.id ?? "" };
    const same = got.type === event?.type && got.data === event.data && ids.includes(got.lastEventId);
    real.client.expect(same, "The client gave another event", {
      expected: [...new Set(ids)].map((lastEventId) => shown({ ...event, lastEventId })).join(", or "),
      actual: shown(got),
    });
    model.last = model.buffer = [got.lastEventId];
  });
}

/** What brings no event. What the client tells next shows that it told none. */
function sendNothing(text: string): Step {
  return step(shown(text), async (model, { stream }) => {
    stream.write(text);
    // The blank line makes the buffer of a new stream the last event ID.
    if (text.includes("\n\n")) model.last = [...new Set([...model.last, ...model.buffer])];
  });
}

/** The end of the stream, or of the connection, in the midst of a block where there are lines: the client comes back. */
function reconnect(how: "end" | "break off", lines: readonly string[] = []): Step {
  const name = how === "end" ? "the end of the stream" : "the end of the connection";
  const unfinished = lines.map((line) => `${line}\n`).join("");
  return step(unfinished === "" ? name : `${name} after ${shown(unfinished)}`, async (model, real) => {
    if (unfinished !== "") {
      real.stream.write(unfinished);
      await real.stream.untilApart();
    }
    real.stream = await real.client.reconnection(real.stream, { broken: how === "break off" });
    welcome(model, real);
  });
}

/** An attempt that is answered by no byte: the client makes another. */
function refuseOnce(): Step {
  return step("the end of the connection and of the next before its response", async (model, real) => {
    real.stream = await real.client.reconnection(real.stream);
    real.stream = await real.client.reconnection(real.stream, { broken: true });
    welcome(model, real);
  });
}

/** The client has come back: with its last event ID, for a stream that begins anew. */
function welcome(model: Model, { client, stream }: Real): void {
  const field = stream.request.headers["last-event-id"];
  client.expect(model.last.includes(`${field ?? ""}`) && field !== "", "Last-Event-ID is another", {
    expected: model.last.map((id) => (id === "" ? "none" : id)).join(", or "),
    actual: field === "" ? "an empty one" : `${field ?? "none"}`,
  });
  model.last = [`${field ?? ""}`];
  model.buffer = [...new Set(["", ...model.last])];
  // The blank line behind the retry field makes the buffer of the new stream the last event ID.
  model.last = model.buffer;
  begin(stream);
}

function step(name: string, run: Step["run"]): Step {
  return { check: () => true, run, toString: () => name };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length <= 160 ? text : `${text.slice(0, 120)}… (${text.length} characters)`;
}
