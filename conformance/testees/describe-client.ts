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
export const PATIENCE = 15_000;

/** Tests a client of ours: it breaks none of these rules, not even those that gate under `--strict` alone. */
export function describeClient(
  attach: () => Promise<Attachment<ClientSubject>>,
  cases: readonly ClientCase[] = CLIENT_CASES,
): void {
  it(
    "keeps every rule that it can show",
    async () => {
      const attachment = await attach();
      try {
        const { refused, results } = await runCases(cases, attachment, { smoke: smokeCase.id, concurrency: 8 });
        expect(refused).toBeUndefined();
        const wrong = results.filter(({ verdict }) => ["fail", "error", "blocked"].includes(verdict));
        expect(wrong.map(({ wire: _, ...result }) => result)).toEqual([]);
      } finally {
        await attachment.close();
      }
    },
    TIMEOUT,
  );
}
