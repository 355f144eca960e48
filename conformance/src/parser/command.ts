import { Option } from "commander";
import type { AreaCommand } from "../area-command.ts";
import { AttachmentError } from "../attachment.ts";
import { smokeCase } from "./cases/smoke.ts";
import { attachParserCommand } from "./command-parser.ts";
import { attachParserModule } from "./module-parser.ts";
import { PARSER_CASES } from "./parser-cases.ts";
import type { ParserSubject } from "./parser-subject.ts";

/** `ssekit-conformance parser`. */
export const parserCommand: AreaCommand<ParserSubject> = {
  name: "parser",
  summary: "a parser: bytes in, events out",
  takesCommand: true,
  options: [new Option("--module <file#export>", "a JavaScript module that exports (onEvent) => ({ push, end })")],
  examples: [
    "ssekit-conformance parser --module ./my-parser.js#createParser",
    "ssekit-conformance parser -- python3 my_parser.py",
  ],
  cases: PARSER_CASES,
  smoke: smokeCase.id,
  async attach({ options, command }) {
    if (typeof options.module === "string") return await attachParserModule(options.module);
    if (command.length > 0) return await attachParserCommand(command);
    throw new AttachmentError(
      "Cannot attach a parser: none is named; give --module file#export, or a command behind --",
    );
  },
};
