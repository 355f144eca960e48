import { smokeCase } from "../../src/client/cases/smoke.ts";
import { CLIENT_CASES } from "../../src/client/client-cases.ts";
import type { ClientSubject } from "../../src/client/client-subject.ts";
import type { SelfTest } from "../mutant.ts";
import { clientMutants } from "./client-mutants.ts";
import { correctClients } from "./correct.ts";
import { dispatchMutants } from "./dispatch-mutants.ts";
import { interfaceMutants } from "./interface-mutants.ts";
import { lineMutants } from "./line-mutants.ts";
import { pageMutants } from "./page-mutants.ts";
import { reconnectionMutants } from "./reconnection-mutants.ts";
import { responseMutants } from "./response-mutants.ts";

/** What shows that the cases of the client area are right and sharp. */
export const clientSelfTest: SelfTest<ClientSubject> = {
  area: "client",
  cases: CLIENT_CASES,
  smoke: smokeCase.id,
  mutants: [
    ...interfaceMutants,
    ...responseMutants,
    ...reconnectionMutants,
    ...lineMutants,
    ...dispatchMutants,
    ...clientMutants,
    ...pageMutants,
  ],
  isByTime: (id) => /^client\/(retry|resilience)\//.test(id),
  correct: correctClients,
  // Most of the time is waiting: for what a mutant never does.
  concurrency: 12,
  subjectsAtOnce: 4,
};
