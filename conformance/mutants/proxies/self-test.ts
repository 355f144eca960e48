import { SMOKE } from "../../src/proxy/proxy-case.ts";
import { PROXY_CASES } from "../../src/proxy/proxy-cases.ts";
import type { ProxySubject } from "../../src/proxy/proxy-subject.ts";
import type { SelfTest } from "../mutant.ts";
import { correctProxies } from "./correct.ts";
import { proxyMutants } from "./mutants.ts";

export const proxySelfTest: SelfTest<ProxySubject> = {
  area: "proxy",
  cases: PROXY_CASES,
  smoke: SMOKE,
  mutants: proxyMutants,
  correct: correctProxies,
  concurrency: 6,
};
