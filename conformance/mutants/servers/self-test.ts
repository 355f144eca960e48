import { SMOKE } from "../../src/server/server-case.ts";
import { SERVER_CASES } from "../../src/server/server-cases.ts";
import type { ServerSubject } from "../../src/server/server-subject.ts";
import type { SelfTest } from "../mutant.ts";
import { correctServers } from "./correct.ts";
import { serverMutants } from "./mutants.ts";

export const serverSelfTest: SelfTest<ServerSubject> = {
  area: "server",
  cases: SERVER_CASES,
  smoke: SMOKE,
  mutants: serverMutants,
  correct: correctServers,
  concurrency: 8,
};
