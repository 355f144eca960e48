import { attachParser } from "../../src/parser/module-parser.ts";
import type { ParserSubject } from "../../src/parser/parser-subject.ts";
import type { Mutant } from "../mutant.ts";
import { PlainParser } from "./plain-parser.ts";

/** Parsers that are wrong in exactly one way. */
export const parserMutants: readonly Mutant<ParserSubject>[] = [
  mutant(
    "dispatches-nothing",
    "No event is ever dispatched.",
    "parse/smoke/one-event",
    (Base) =>
      class extends Base {
        override emitEvent(): void {
          this.clear();
        }
      },
  ),
  mutant(
    "ignores-carriage-returns",
    "A CR without LF ends no line.",
    "parse/line-ends/each-kind",
    (Base) =>
      class extends Base {
        override lines(text: string): string[] {
          return super.lines(text.replaceAll(/\r(?!\n)/g, ""));
        }
      },
  ),
];

function mutant(
  name: string,
  fault: string,
  killedBy: string,
  breakParser: (Base: typeof PlainParser) => typeof PlainParser,
): Mutant<ParserSubject> {
  const Broken = breakParser(PlainParser);
  return { name, fault, killedBy, attach: () => attachParser((onEvent) => new Broken(onEvent), { name }) };
}
