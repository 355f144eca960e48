import { type BindOptions, type BoundCase, bindCases } from "../bind-cases.ts";
import type { Case } from "../case.ts";
import { lineEndCases } from "./cases/line-ends.ts";
import { smokeCase } from "./cases/smoke.ts";
import { attachParser, type ParserFactory } from "./module-parser.ts";
import type { ParserSubject } from "./parser-subject.ts";

/** Every case of the parser area. */
export const PARSER_CASES: readonly Case<ParserSubject>[] = [smokeCase, ...lineEndCases];

/** The cases of the parser area, bound to a parser for a test framework. */
export function parserCases(createParser: ParserFactory, options?: BindOptions): BoundCase[] {
  return bindCases(PARSER_CASES, attachParser(createParser), options);
}
