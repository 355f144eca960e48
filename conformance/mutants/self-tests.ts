import type { SelfTest } from "./mutant.ts";
import { parserSelfTest } from "./parsers/self-test.ts";

/** The self-test of every area. */
export const SELF_TESTS: readonly SelfTest<unknown>[] = [parserSelfTest];
