import { smokeCase } from "../../src/parser/cases/smoke.ts";
import { PARSER_CASES } from "../../src/parser/parser-cases.ts";
import type { ParserSubject } from "../../src/parser/parser-subject.ts";
import type { SelfTest } from "../mutant.ts";
import { correctParsers } from "./correct.ts";
import { parserMutants } from "./mutants.ts";

export const parserSelfTest: SelfTest<ParserSubject> = {
  area: "parse",
  cases: PARSER_CASES,
  smoke: smokeCase.id,
  mutants: parserMutants,
  correct: correctParsers,
};
