import { clientSelfTest } from "./clients/self-test.ts";
import type { SelfTest } from "./mutant.ts";
import { parserSelfTest } from "./parsers/self-test.ts";
import { proxySelfTest } from "./proxies/self-test.ts";
import { serverSelfTest } from "./servers/self-test.ts";

/** The self-test of every area. */
export const SELF_TESTS: readonly SelfTest<unknown>[] = [serverSelfTest, clientSelfTest, parserSelfTest, proxySelfTest];
