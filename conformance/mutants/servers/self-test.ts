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
  // Megabytes for two readers each. These do something of their own with a reader that stops, or with what is large.
  costly: {
    cases: ["server/stall/others-go-on", "server/stall/nothing-torn", "server/leave/in-the-middle-of-an-event"],
    meet: ["plain", "compressed", "batching", "drops-the-slow"],
  },
};
