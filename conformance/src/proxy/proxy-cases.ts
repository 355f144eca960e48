import { type BindOptions, type BoundCase, bindCases } from "../bind-cases.ts";
import { attachProxy, type ProxyOptions } from "./attach-proxy.ts";
import { headCases } from "./cases/head.ts";
import { streamCases } from "./cases/stream.ts";
import type { ProxyCase } from "./proxy-case.ts";

/** Every case of the proxy area. */
export const PROXY_CASES: readonly ProxyCase[] = [...headCases, ...streamCases];

/**
 * The cases of the proxy area, bound to a proxy for a test framework; its origin is started at once. Call `close` when
 * they have run.
 *
 * @example
 * ```ts ignore
 * const { cases, close } = await proxyCases({ url: "https://localhost:8443/", originPort: 3000 });
 * for (const { id, run } of cases) it(id, run, 120_000);
 * afterAll(close);
 * ```
 */
export async function proxyCases(
  options: ProxyOptions & BindOptions,
): Promise<{ readonly cases: readonly BoundCase[]; close(): Promise<void> }> {
  const attachment = await attachProxy(options);
  return { cases: bindCases(PROXY_CASES, attachment, options), close: () => attachment.close() };
}
