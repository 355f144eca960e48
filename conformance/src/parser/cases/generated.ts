import fc from "fast-check";
import { chunkLengths, chunksOf, hostileBytes } from "../../arbitraries.ts";
import type { Case } from "../../case.ts";
import { parseByReference } from "../../reference-parser.ts";
import { standard } from "../../standard.ts";
import { parserFailure, sameEvents, shownEvents } from "../parser-failure.ts";
import type { ParserStep, ParserSubject } from "../parser-subject.ts";

/** How many streams are drawn. */
const STREAMS = 500;

/** Streams that are drawn at random from what parsers trip over, and compared with the reference model. */
export const generatedCase: Case<ParserSubject> = {
  id: "parse/generated/agrees-with-the-reference",
  rule: "Any bytes, in any chunks, give the events that the standard's steps give.",
  specification: { ...standard.order, level: "MUST" },
  repair: "The dump is the smallest stream that shows the difference: follow its lines through your parser.",
  since: "0.1.0",
  deadline: 60_000,
  async run(subject, context) {
    const failingSteps = async (chunks: readonly Uint8Array[]): Promise<readonly ParserStep[] | undefined> => {
      context.signal.throwIfAborted();
      const steps = await subject.parse(chunks);
      const got = steps.flatMap(({ events }) => events);
      return sameEvents(got, expectedOf(chunks)) ? undefined : steps;
    };
    const property = fc.asyncProperty(hostileBytes(), chunkLengths(), async (bytes, lengths) => {
      return (await failingSteps(chunksOf(bytes, lengths))) === undefined;
    });
    const { counterexample } = await fc.check(property, { seed: context.seed, numRuns: STREAMS });
    if (counterexample === null) return undefined;
    const chunks = await smallest(chunksOf(...counterexample), async (tried) => {
      return (await failingSteps(tried)) !== undefined;
    });
    const steps = (await failingSteps(chunks)) ?? [];
    throw parserFailure(
      context,
      `A drawn stream (seed ${context.seed}), made as small as it fails`,
      { chunks, steps },
      {
        expected: shownEvents(expectedOf(chunks)),
        actual: shownEvents(steps.flatMap(({ events }) => events)),
      },
    );
  },
};

function expectedOf(chunks: readonly Uint8Array[]): ReturnType<typeof eventsOf> {
  return eventsOf(Uint8Array.from(chunks.flatMap((chunk) => [...chunk])));
}

function eventsOf(
  bytes: Uint8Array,
): Extract<ReturnType<typeof parseByReference>[number], { kind: "event" }>["event"][] {
  return parseByReference(bytes).flatMap((outcome) => (outcome.kind === "event" ? outcome.event : []));
}

/** Takes chunks together and bytes away, one after the other, as long as the rest still fails. */
async function smallest(
  chunks: readonly Uint8Array[],
  fails: (chunks: readonly Uint8Array[]) => Promise<boolean>,
): Promise<readonly Uint8Array[]> {
  let best = chunks.filter(({ length }) => length > 0);
  if (!(await fails(best))) return chunks;
  for (let at = 1; at < best.length; ) {
    const joined = Uint8Array.of(...(best[at - 1] ?? []), ...(best[at] ?? []));
    const fewer = [...best.slice(0, at - 1), joined, ...best.slice(at + 1)];
    if (await fails(fewer)) best = fewer;
    else at++;
  }
  for (let index = 0; index < best.length; index++) {
    for (let at = 0; at < (best[index]?.length ?? 0); ) {
      const fewer = best.map((chunk, other) => (other === index ? chunk.filter((_, byte) => byte !== at) : chunk));
      if (await fails(fewer)) best = fewer;
      else at++;
    }
  }
  return best.filter(({ length }) => length > 0);
}
