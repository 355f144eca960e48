import { serverCases } from "../../src/server/cases.ts";
import { SMOKE } from "../../src/server/server-case.ts";
import type { ServerSubject } from "../../src/server/server-subject.ts";
import type { SelfTest } from "../mutant.ts";
import { correctServers } from "./correct.ts";
import { serverMutants } from "./mutants.ts";

export const serverSelfTest: SelfTest<ServerSubject> = {
  area: "server",
  cases: serverCases,
  smoke: SMOKE,
  mutants: serverMutants,
  correct: correctServers,
  concurrency: 8,
};
