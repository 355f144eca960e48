import type { Case, CaseContext, Finding, Level, Sentence } from "../case.ts";
import type { ClientSubject } from "./client-subject.ts";
import { type StartParameters, TriedClient } from "./tried-client.ts";

/** A case of the client area. */
export type ClientCase = Case<ClientSubject>;

/** What such a case is made of. */
export interface ClientCaseData extends Omit<Case<ClientSubject>, "run" | "specification" | "since"> {
  /** Why the rule binds: the sentence, or a reason in our words. */
  readonly standard: Sentence | string;
  /** `MUST` by default. */
  readonly level?: Level;
  /** `0.1.0` by default. */
  readonly since?: string;
  run(trial: ClientTrial): Promise<Finding | undefined> | Promise<void>;
}

/** What a case has in its hands. */
export interface ClientTrial {
  readonly subject: ClientSubject;
  readonly context: CaseContext;
  /** Makes a client of its own, and lets it connect. */
  start(parameters?: StartParameters): Promise<TriedClient>;
}

/** Limit of a case in milliseconds: above what it may wait for one thing after another. */
const DEADLINE = 30_000;

/** Makes a case of its data. */
export function clientCase(data: ClientCaseData): ClientCase {
  const { standard, level = "MUST", since = "0.1.0", run, ...rest } = data;
  return {
    deadline: DEADLINE,
    ...rest,
    since,
    specification: typeof standard === "string" ? { level, reason: standard } : { level, ...standard },
    run: async (subject, context) => {
      const start = (parameters?: StartParameters): Promise<TriedClient> =>
        TriedClient.start(subject, context, data.id, parameters);
      return (await run({ subject, context, start })) ?? undefined;
    },
  };
}
