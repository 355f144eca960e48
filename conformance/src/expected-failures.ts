import { matchesGlob } from "./select-cases.ts";

/** A failure that is known, by the id of its case or a glob: `client/reconnect/*`. */
export type ExpectedFailures = Readonly<Record<string, ExpectedFailure>>;

/** Why a failure is expected. */
export interface ExpectedFailure {
  /** For the reader of the file: what is wrong, or why it stays so. */
  readonly reason: string;
  /** Where it is tracked. */
  readonly issue?: string;
  /** Whether it passes now and then, so that a pass is no news. */
  readonly flaky?: boolean;
}

/** The entry that a case falls under: its own, else the first glob that matches. */
export function expectationOf(id: string, expected: ExpectedFailures): ExpectedFailure | undefined {
  if (Object.hasOwn(expected, id)) return expected[id];
  const glob = Object.keys(expected).find((key) => matchesGlob(id, key));
  return glob === undefined ? undefined : expected[glob];
}

/** The entries that no case falls under. */
export function unknownEntries(expected: ExpectedFailures, ids: readonly string[]): string[] {
  return Object.keys(expected).filter((key) => !ids.some((id) => matchesGlob(id, key)));
}

/**
 * Reads the text of a file of expected failures.
 *
 * @throws {TypeError} If it is no such file; the message says what is wrong with it.
 */
export function parseExpectedFailures(text: string): ExpectedFailures {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    throw new TypeError(`it is no JSON (${(error as Error).message})`);
  }
  if (typeof parsed !== "object" || parsed === null || Array.isArray(parsed))
    throw new TypeError("it is no JSON object");
  for (const [id, entry] of Object.entries(parsed)) {
    if (typeof (entry as Partial<ExpectedFailure> | null)?.reason !== "string") {
      throw new TypeError(`the entry ${id} has no reason; write { "reason": "…" }`);
    }
  }
  return parsed as ExpectedFailures;
}

/** The file as a run would have it: entries that hold stay as they are, failures are added, what passed goes. */
export function updatedExpectations(
  expected: ExpectedFailures,
  {
    failed,
    ran,
    known,
  }: { readonly failed: readonly string[]; readonly ran: readonly string[]; readonly known: readonly string[] },
): ExpectedFailures {
  const kept = Object.entries(expected).filter(([key, { flaky }]) => {
    const covered = known.filter((id) => matchesGlob(id, key));
    const wasRun = covered.some((id) => ran.includes(id));
    return covered.length > 0 && (flaky || !wasRun || covered.some((id) => failed.includes(id)));
  });
  const left = Object.fromEntries(kept);
  const added = failed.filter((id) => expectationOf(id, left) === undefined);
  const entries = [...kept, ...added.map((id): [string, ExpectedFailure] => [id, { reason: "TODO: say why" }])];
  return Object.fromEntries(entries.sort(([a], [b]) => (a < b ? -1 : 1)));
}
