import { expect, it } from "vitest";
import type { Attachment } from "../src/attachment.ts";
import { smokeCase } from "../src/client/cases/smoke.ts";
import type { ClientCase } from "../src/client/client-case.ts";
import { CLIENT_CASES } from "../src/client/client-cases.ts";
import type { ClientSubject } from "../src/client/client-subject.ts";
import { runCases } from "../src/run-cases.ts";

/** A run lasts seconds; a machine may be busy with others. */
const TIMEOUT = 240_000;

/** What has to come comes, be the machine as busy as it will. */
export const PATIENCE: number = 15_000 * (process.env.CI === "true" ? 3 : 1);

/**
 * Tests a client of ours: it breaks none of these rules, not even those that gate under `--strict` alone, but what it has
 * no way to keep where it runs, by id, with the reason.
 */
export function describeClient(
  attach: () => Promise<Attachment<ClientSubject>>,
  {
    cases = CLIENT_CASES,
    exceptions = {},
  }: { readonly cases?: readonly ClientCase[]; readonly exceptions?: Readonly<Record<string, string>> } = {},
): void {
  it(
    "keeps every rule that it can show",
    async () => {
      const attachment = await attach();
      try {
        const { refused, results } = await runCases(cases, attachment, { smoke: smokeCase.id, concurrency: 12 });
        expect(refused).toBeUndefined();
        const wrong = results.filter(({ verdict }) => ["fail", "error", "blocked"].includes(verdict));
        const unexcused = wrong.filter(({ id }) => !(id in exceptions));
        const told = unexcused.map(({ wire: _, ...result }) => result);
        expect(told, JSON.stringify(told)).toEqual([]);
        expect(wrong.map(({ id }) => id).sort()).toEqual(Object.keys(exceptions).sort());
      } finally {
        await attachment.close();
      }
    },
    TIMEOUT,
  );
}
