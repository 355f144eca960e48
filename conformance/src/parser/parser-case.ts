import type { DispatchedEvent } from "@ssekit/codec";
import type { Case, CaseContext, Level } from "../case.ts";
import { type Chunking, chunkingsOf } from "./chunkings.ts";
import { parserFailure, sameEvents, shownEvents } from "./parser-failure.ts";
import { type ParserSubject, RECONNECTION_TIME } from "./parser-subject.ts";

/** A case of the parser area as data: streams, and what a reader gets of each. */
export interface ParserCaseData extends Omit<Case<ParserSubject>, "run" | "specification" | "since" | "needs"> {
  /** Fragment of the standard's page. */
  readonly anchor: string;
  /** The sentence that binds. */
  readonly quote: string;
  /** `MUST` by default. */
  readonly level?: Level;
  /** `0.1.0` by default. */
  readonly since?: string;
  readonly streams: readonly StreamExample[];
}

/** A stream, and what a reader gets of it. */
export interface StreamExample {
  /** Text stands for its UTF-8 bytes. */
  readonly input: string | Uint8Array;
  /** Whether it is tried with each line end in place of each LF: LF, CRLF and CR. */
  readonly anyLineEnd?: boolean;
  readonly events: readonly DispatchedEvent[];
  /** The reconnection time that it sets, `null` if it sets none; asked only of parsers that tell it. */
  readonly reconnectionTime?: number | null;
}

/** The event that a reader gets of a stream. */
export function event(
  data: string,
  { type = "message", lastEventId = "" }: { readonly type?: string; readonly lastEventId?: string } = {},
): DispatchedEvent {
  return { type, data, lastEventId };
}

/** Makes a case of its data: each stream, cut in each way. */
export function parserCase(data: ParserCaseData): Case<ParserSubject> {
  const { anchor, quote, level = "MUST", since = "0.1.0", streams, ...rest } = data;
  const asksTime = streams.some(({ reconnectionTime }) => reconnectionTime !== undefined);
  return {
    ...rest,
    since,
    specification: { anchor, quote, level },
    ...(asksTime && { needs: [RECONNECTION_TIME] }),
    async run(subject, context): Promise<undefined> {
      for (const stream of streams) {
        for (const { suffix, bytes } of variantsOf(stream)) {
          for (const chunking of chunkingsOf(bytes)) {
            context.signal.throwIfAborted();
            await tryStream(subject, context, {
              ...stream,
              chunking,
              name: `${rest.id}${suffix}@chunk=${chunking.name}`,
            });
          }
        }
      }
    },
  };
}

/** The bytes of a stream, with each of its line ends. */
export function* variantsOf({ input, anyLineEnd }: StreamExample): Generator<{ suffix: string; bytes: Uint8Array }> {
  if (typeof input !== "string") yield { suffix: "", bytes: input };
  else if (!anyLineEnd) yield { suffix: "", bytes: utf8.encode(input) };
  else {
    for (const [name, lineEnd] of LINE_ENDS) {
      yield { suffix: `@eol=${name}`, bytes: utf8.encode(input.replaceAll("\n", lineEnd)) };
    }
  }
}

const LINE_ENDS = [
  ["lf", "\n"],
  ["crlf", "\r\n"],
  ["cr", "\r"],
] as const;

const utf8 = new TextEncoder();

/** One stream, cut in one way. */
interface Trial extends Pick<StreamExample, "events" | "reconnectionTime"> {
  readonly name: string;
  readonly chunking: Chunking;
}

async function tryStream(subject: ParserSubject, context: CaseContext, trial: Trial): Promise<void> {
  const { chunks } = trial.chunking;
  const steps = await subject.parse(chunks);
  const got = steps.flatMap(({ events }) => events);
  if (!sameEvents(got, trial.events)) {
    throw parserFailure(
      context,
      trial.name,
      { chunks, steps },
      {
        expected: shownEvents(trial.events),
        actual: shownEvents(got),
      },
    );
  }
  const time = steps.at(-1)?.reconnectionTime ?? null;
  if (trial.reconnectionTime === undefined || trial.reconnectionTime === time) return;
  throw parserFailure(
    context,
    trial.name,
    { chunks, steps },
    {
      expected: `reconnection time ${trial.reconnectionTime ?? "not set"}`,
      actual: `reconnection time ${time ?? "not set"}`,
    },
  );
}
