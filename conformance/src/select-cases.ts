import type { Case } from "./case.ts";

/** Which cases to run. */
export interface Selection {
  /** Ids or globs of which a case has to match one; all by default. */
  readonly only?: readonly string[];
  /** Ids or globs of which a case must match none. */
  readonly skip?: readonly string[];
  /** The version of the suite whose cases are meant. */
  readonly asOf?: string;
}

/** The cases that are meant. */
export function selectCases<Subject>(
  cases: readonly Case<Subject>[],
  { only = [], skip = [], asOf }: Selection,
): readonly Case<Subject>[] {
  return cases.filter(
    (testCase) =>
      isOf(testCase, asOf) &&
      (only.length === 0 || only.some((glob) => matchesGlob(testCase.id, glob))) &&
      !skip.some((glob) => matchesGlob(testCase.id, glob)),
  );
}

/** Whether the suite had a case in a version; has it now, where none is named. */
function isOf({ since, until }: Case<never>, version: string | undefined): boolean {
  if (version === undefined) return until === undefined;
  return compareVersions(since, version) <= 0 && (until === undefined || compareVersions(version, until) < 0);
}

/** Whether an id is what a glob names: `*` stands for any characters, and what ends with `/` for all below it. */
export function matchesGlob(id: string, glob: string): boolean {
  const parts = (glob.endsWith("/") ? `${glob}*` : glob).split("*");
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return id === glob;
  if (!id.startsWith(first) || !id.endsWith(last)) return false;
  let at = first.length;
  for (const part of rest) {
    const found = id.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at <= id.length - last.length;
}

/** Below 0 if the first version is the older one; both as `1.2.3`. */
function compareVersions(one: string, other: string): number {
  const numbers = (version: string): number[] => version.split(".").map(Number);
  const [a, b] = [numbers(one), numbers(other)];
  for (let index = 0; index < 3; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
