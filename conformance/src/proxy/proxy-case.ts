import { type Case, CaseFailure, type Finding, type Grounds, type Level, specificationOf } from "../case.ts";
import type { ProxySubject } from "./proxy-subject.ts";

/** A case for proxies. */
export type ProxyCase = Case<ProxySubject>;

/** The case that shows that the suite's origin is behind the proxy. */
export const SMOKE = "proxy/attach/smoke";

/** A case as its file says it. */
export interface ProxyCaseInit {
  readonly id: string;
  readonly level: Level;
  readonly rule: string;
  /** Why the rule binds. */
  readonly from: Grounds;
  readonly repair: string;
  readonly deadline?: number;
  /** The case that shows that it can be judged, without `proxy/`: such as one that a stream passes while it is open. */
  readonly after?: string;
  readonly run: (subject: ProxySubject) => Promise<Finding | undefined> | Promise<void>;
}

/** The case that shows that events come through while a stream is open: what needs that says nothing without. */
export const STREAMS = "buffering/one-by-one";

/** Makes a case of it, after the smoke case. */
export function proxyCase({ id, level, rule, from, repair, deadline, after, run }: ProxyCaseInit): ProxyCase {
  return {
    id: `proxy/${id}`,
    rule,
    repair,
    since: "0.1.0",
    specification: specificationOf(level, from),
    ...(deadline !== undefined && { deadline }),
    dependsOn: [SMOKE, ...(after === undefined ? [] : [`proxy/${after}`])].filter((other) => other !== `proxy/${id}`),
    run: async (subject) => (await run(subject)) ?? undefined,
  };
}

/** Ends a case: the rule is broken. */
export function fail(message: string, { expected, actual }: { expected: string; actual: string }): never {
  throw new CaseFailure(message, { expected, actual });
}

export function unsupported(message: string): Finding {
  return { verdict: "unsupported", message };
}
