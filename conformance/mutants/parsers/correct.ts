import { attachParser } from "../../src/parser/module-parser.ts";
import type { ParserSubject } from "../../src/parser/parser-subject.ts";
import type { CorrectSubject } from "../mutant.ts";
import { PlainParser } from "./plain-parser.ts";

/** Parsers that are right, in ways that a suite may take for wrong. */
export const correctParsers: readonly CorrectSubject<ParserSubject>[] = [
  {
    name: "plain",
    oddity: "none: it is the parser that every mutant breaks",
    attach: () => attachParser((onEvent) => new PlainParser(onEvent), { name: "plain" }),
  },
];
