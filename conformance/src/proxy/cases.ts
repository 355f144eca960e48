import { headCases } from "./cases/head.ts";
import { streamCases } from "./cases/stream.ts";
import type { ProxyCase } from "./proxy-case.ts";

/** The cases for proxies. */
export const proxyCases: readonly ProxyCase[] = [...headCases, ...streamCases];
