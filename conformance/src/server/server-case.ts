import {
  type Case,
  type CaseContext,
  CaseFailure,
  type Finding,
  type Grounds,
  type Level,
  specificationOf,
} from "../case.ts";
import { counted } from "../counted.ts";
import type { StreamReader } from "../http/stream-reader.ts";
import { type PublishedEvent, Refusal } from "./publisher.ts";
import { type ServerSubject, shorten, showEvent, summaryOf } from "./server-subject.ts";

/** The case that shows that the URL is one of a stream. */
export const SMOKE = "server/attach/smoke";
/** The case that shows that what is published arrives. */
const PUBLISH_SMOKE = "server/attach/publish";

/** A case for servers. */
export type ServerCase = Case<ServerSubject>;

/** What the function of a case gives: nothing when the rule is kept. */
export type Outcome = Promise<Finding | undefined> | Promise<void>;

/** A case as its file says it: what all cases of a server share is added. */
export interface ServerCaseInit {
  readonly id: string;
  readonly level: Level;
  readonly rule: string;
  /** Why the rule binds. */
  readonly from: Grounds;
  readonly repair: string;
  readonly needs?: readonly string[];
  readonly deadline?: number;
  readonly run: (subject: ServerSubject, context: CaseContext) => Outcome;
}

/** Makes a case of it, after the smoke cases that it stands on. */
export function serverCase(init: ServerCaseInit): ServerCase {
  const { id, level, rule, repair, needs, deadline, from } = init;
  return {
    id: `server/${id}`,
    rule,
    repair,
    since: "0.1.0",
    specification: specificationOf(level, from),
    ...(needs && { needs }),
    ...(deadline !== undefined && { deadline }),
    dependsOn: [SMOKE, ...(needs?.includes("publish") ? [PUBLISH_SMOKE] : [])].filter(
      (other) => other !== `server/${id}`,
    ),
    run: async (subject, context) => {
      try {
        return (await init.run(subject, context)) ?? undefined;
      } catch (error) {
        if (error instanceof Refusal)
          return unsupported(`the server refuses to publish what this takes: ${error.message}`);
        throw error;
      }
    },
  };
}

/** Ends a case: the rule is broken. */
export function fail(message: string, { expected, actual }: { expected: string; actual: string }): never {
  throw new CaseFailure(message, { expected, actual });
}

export function unsupported(message: string): Finding {
  return { verdict: "unsupported", message };
}

export function info(message: string): Finding {
  return { verdict: "info", message };
}

export function nonstrict(message: string): Finding {
  return { verdict: "nonstrict", message };
}

/** Publishes an event; gives the subject's words if it refuses. */
async function publishOrRefusal(subject: ServerSubject, event: PublishedEvent): Promise<Refusal | undefined> {
  try {
    await subject.publish(event);
    return undefined;
  } catch (error) {
    if (error instanceof Refusal) return error;
    throw error;
  }
}

/** Publishes an event and gives what came on the stream from then on until an event that was published after it. */
export async function exchange(
  subject: ServerSubject,
  reader: StreamReader,
  event: PublishedEvent,
): Promise<{ refusal: Refusal | undefined; events: StreamReader["events"]; text: string }> {
  const [firstEvent, firstPiece] = [reader.events.length, reader.pieces.length];
  const refusal = await publishOrRefusal(subject, event);
  await subject.settle(reader);
  return {
    refusal,
    events: reader.events.slice(firstEvent, -1),
    text: Buffer.concat(reader.pieces.slice(firstPiece)).toString(),
  };
}

/** Publishes events with numbered data and gives the data. */
export async function publishNumbered(subject: ServerSubject, count: number): Promise<string[]> {
  const all = Array.from({ length: count }, () => subject.token());
  for (const data of all) await subject.publish({ data });
  return all;
}

/** Waits until all of these have come, and gives those of the stream that are among them, in order, repeats too. */
export async function arrivals(
  reader: StreamReader,
  { of: wanted, within }: { of: readonly string[]; within: number },
): Promise<string[]> {
  const set = new Set(wanted);
  const missing = new Set(wanted);
  let at = 0;
  await reader.until(() => {
    for (; at < reader.events.length; at++) missing.delete(reader.events[at]?.data ?? "");
    return missing.size === 0;
  }, within);
  return reader.events.map(({ data }) => data).filter((data) => set.has(data));
}

/** Compares what came with what was published: each once, in the same order. */
export function expectSequence(
  what: string,
  { expected, actual, reader }: { expected: readonly string[]; actual: readonly string[]; reader: StreamReader },
): void {
  const missing = expected.filter((data) => !actual.includes(data));
  const repeated = [...new Set(actual.filter((data, at) => actual.indexOf(data) !== at))];
  const counts = `${counted(expected.length, "event")}, each once, in the order in which they were published`;
  if (missing.length > 0) {
    const which = missing.slice(0, 5).map((data) => `the ${ordinal(expected.indexOf(data))}`);
    fail(`${what}: ${missing.length} of ${expected.length} are missing`, {
      expected: counts,
      actual: `missing: ${which.join(", ")}${missing.length > 5 ? " …" : ""}; last came ${summaryOf(reader)}`,
    });
  }
  if (repeated.length > 0) {
    const which = repeated.slice(0, 5).map((data) => `the ${ordinal(expected.indexOf(data))}`);
    fail(`${what}: ${repeated.length} came more than once`, {
      expected: counts,
      actual: `repeated: ${which.join(", ")}`,
    });
  }
  const wrong = expected.findIndex((data, at) => actual[at] !== data);
  if (wrong >= 0) {
    fail(`${what}: they came in another order`, {
      expected: counts,
      actual: `the ${ordinal(expected.indexOf(actual[wrong] ?? ""))} in place of the ${ordinal(wrong)}`,
    });
  }
}

/** Text with what can't be seen shown. */
export function show(value: unknown): string {
  return shorten(JSON.stringify(value) ?? "nothing");
}

export function showEvents(events: StreamReader["events"]): string {
  return events.length === 0 ? "no event" : shorten(events.map(showEvent).join(", "));
}

function ordinal(index: number): string {
  return `${index + 1}.`;
}
