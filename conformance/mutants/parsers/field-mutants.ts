import type { ParserSubject } from "../../src/parser/parser-subject.ts";
import type { Mutant } from "../mutant.ts";
import { parserMutant } from "./parser-mutant.ts";

/** RULES A28 to A30 and A34 broken: lines are taken apart wrongly, and names read wrongly. */
export const fieldMutants: readonly Mutant<ParserSubject>[] = [
  parserMutant(
    {
      name: "splits-at-every-colon",
      fault: "The value ends at the second colon.",
      killedBy: "parse/fields/first-colon",
    },
    (Base) =>
      class extends Base {
        override value(afterColon: string): string {
          return super.value(afterColon.split(":")[0] ?? "");
        }
      },
  ),
  parserMutant(
    {
      name: "trims-the-start-of-values",
      fault: "All white space before a value is removed.",
      killedBy: "parse/fields/one-space",
    },
    (Base) =>
      class extends Base {
        override value(afterColon: string): string {
          return afterColon.replace(/^ +/, "");
        }
      },
  ),
  parserMutant(
    {
      name: "needs-a-space",
      fault: "A field needs a colon and a space.",
      killedBy: "parse/fields/no-space",
    },
    (Base) =>
      class extends Base {
        override line(line: string): void {
          if (line === "" || line.startsWith(":") || !line.includes(":") || /:( |$)/.test(line)) super.line(line);
        }
      },
  ),
  parserMutant(
    {
      name: "removes-a-tab",
      fault: "A tab after the colon is removed as a space is.",
      killedBy: "parse/fields/other-white-space",
    },
    (Base) =>
      class extends Base {
        override value(afterColon: string): string {
          return afterColon.replace(/^[ \t]/, "");
        }
      },
  ),
  parserMutant(
    {
      name: "trims-the-end-of-values",
      fault: "White space at the end of a value is removed.",
      killedBy: "parse/fields/trailing-space",
    },
    (Base) =>
      class extends Base {
        override value(afterColon: string): string {
          return super.value(afterColon).trimEnd();
        }
      },
  ),
  parserMutant(
    {
      name: "skips-lines-without-a-colon",
      fault: "A line without a colon is skipped.",
      killedBy: "parse/fields/no-colon",
    },
    (Base) =>
      class extends Base {
        override lineWithoutColon(): void {}
      },
  ),
  parserMutant(
    {
      name: "folds-the-case-of-names",
      fault: "Names are compared without regard to case.",
      killedBy: "parse/fields/case-sensitive",
    },
    (Base) =>
      class extends Base {
        override field(name: string, value: string): void {
          super.field(name.toLowerCase(), value);
        }
      },
  ),
  parserMutant(
    {
      name: "trims-names",
      fault: "White space around names is removed.",
      killedBy: "parse/fields/names-are-not-trimmed",
    },
    (Base) =>
      class extends Base {
        override field(name: string, value: string): void {
          super.field(name.trim(), value);
        }
      },
  ),
  parserMutant(
    {
      name: "takes-names-by-their-start",
      fault: "A name that begins with data is data.",
      killedBy: "parse/fields/whole-name",
    },
    (Base) =>
      class extends Base {
        override unknownField(name: string, value: string): void {
          if (name.startsWith("data")) this.dataField(value);
        }
      },
  ),
  parserMutant(
    {
      name: "takes-names-by-their-end",
      fault: "A name that ends with data is data, as with a pattern that isn't anchored.",
      killedBy: "parse/fields/whole-name",
    },
    (Base) =>
      class extends Base {
        override unknownField(name: string, value: string): void {
          if (name.endsWith("data")) this.dataField(value);
        }
      },
  ),
  parserMutant(
    {
      name: "adds-unknown-fields-to-data",
      fault: "The value of a field that it doesn't know becomes data.",
      killedBy: "parse/fields/unknown-ones",
    },
    (Base) =>
      class extends Base {
        override unknownField(name: string, value: string): void {
          if (/^[a-z.]+$/.test(name)) this.dataField(value);
        }
      },
  ),
  parserMutant(
    {
      name: "throws-at-unknown-fields",
      fault: "A field that it doesn't know ends the stream.",
      killedBy: "parse/fields/unknown-ones",
    },
    (Base) =>
      class extends Base {
        override unknownField(name: string): void {
          throw new SyntaxError(`Unknown field ${name}`);
        }
      },
  ),
  parserMutant(
    {
      name: "looks-names-up-in-an-object",
      fault: "A field named constructor or toString calls what objects inherit.",
      killedBy: "parse/fields/inherited-names",
    },
    (Base) =>
      class extends Base {
        override unknownField(name: string, value: string): void {
          const handlers: Record<string, unknown> = {};
          if (handlers[name] !== undefined) this.dataField(value);
        }
      },
  ),
  parserMutant(
    {
      name: "takes-the-type-before-data-alone",
      fault: "An event field behind the data is not seen.",
      killedBy: "parse/fields/any-order",
    },
    (Base) =>
      class extends Base {
        override eventField(value: string): void {
          if (this.data === "") super.eventField(value);
        }
      },
  ),
];
