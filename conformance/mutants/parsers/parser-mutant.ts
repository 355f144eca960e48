import { attachParser } from "../../src/parser/module-parser.ts";
import type { ParserSubject } from "../../src/parser/parser-subject.ts";
import type { Mutant } from "../mutant.ts";
import { PlainParser } from "./plain-parser.ts";

/**
 * A mutant of the plain parser.
 *
 * @param breakParser overrides the one step that is wrong.
 */
export function parserMutant(
  { name, fault, killedBy }: Omit<Mutant<ParserSubject>, "attach">,
  breakParser: (Base: typeof PlainParser) => typeof PlainParser,
): Mutant<ParserSubject> {
  const Broken = breakParser(PlainParser);
  return { name, fault, killedBy, attach: () => attachParser((onEvent) => new Broken(onEvent), { name }) };
}
