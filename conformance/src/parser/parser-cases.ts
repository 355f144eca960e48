import { type BindOptions, type BoundCase, bindCases } from "../bind-cases.ts";
import type { Case } from "../case.ts";
import { chunkCases } from "./cases/chunks.ts";
import { commentCases } from "./cases/comments.ts";
import { dataCases } from "./cases/data.ts";
import { decodingCases } from "./cases/decoding.ts";
import { endCases } from "./cases/end-of-stream.ts";
import { eventCases } from "./cases/event.ts";
import { fieldCases } from "./cases/fields.ts";
import { generatedCase } from "./cases/generated.ts";
import { idCases } from "./cases/id.ts";
import { lineEndCases } from "./cases/line-ends.ts";
import { retryCases } from "./cases/retry.ts";
import { smokeCase } from "./cases/smoke.ts";
import { timingCase } from "./cases/timing.ts";
import { attachParser, type ParserFactory } from "./module-parser.ts";
import { type ParserCaseData, parserCase } from "./parser-case.ts";
import type { ParserSubject } from "./parser-subject.ts";

/** The cases that are data: streams, and what a reader gets of each. */
export const PARSER_CASE_DATA: readonly ParserCaseData[] = [
  smokeCase,
  ...decodingCases,
  ...lineEndCases,
  ...commentCases,
  ...fieldCases,
  ...dataCases,
  ...eventCases,
  ...idCases,
  ...retryCases,
  ...endCases,
  ...chunkCases,
];

/** Every case of the parser area. */
export const PARSER_CASES: readonly Case<ParserSubject>[] = [
  ...PARSER_CASE_DATA.map(parserCase),
  timingCase,
  generatedCase,
];

/**
 * The cases of the parser area, bound to a parser for a test framework.
 *
 * @example
 * ```ts ignore
 * for (const { id, run } of parserCases(createParser)) it(id, run);
 * ```
 */
export function parserCases(createParser: ParserFactory, options?: BindOptions): BoundCase[] {
  return bindCases(PARSER_CASES, attachParser(createParser), options);
}
