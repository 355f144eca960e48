import type { ParserSubject } from "../../src/parser/parser-subject.ts";
import type { Mutant } from "../mutant.ts";
import { parserMutant } from "./parser-mutant.ts";

/** RULES A28 to A34 broken: lines are taken apart wrongly, and fields read wrongly. */
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
  parserMutant(
    {
      name: "ignores-event-fields",
      fault: "Every event is a message.",
      killedBy: "parse/event/sets-the-type",
    },
    (Base) =>
      class extends Base {
        override eventField(): void {}
      },
  ),
  parserMutant(
    {
      name: "keeps-the-first-type",
      fault: "Of several event fields the first one holds.",
      killedBy: "parse/event/last-one-holds",
    },
    (Base) =>
      class extends Base {
        override eventField(value: string): void {
          this.type ||= value;
          if (value === "") this.type = "";
        }
      },
  ),
  parserMutant(
    {
      name: "ignores-empty-event-fields",
      fault: "An empty event field doesn't take back an earlier one.",
      killedBy: "parse/event/empty-is-message",
    },
    (Base) =>
      class extends Base {
        override eventField(value: string): void {
          if (value !== "") this.type = value;
        }
      },
  ),
  parserMutant(
    {
      name: "keeps-the-last-data-line",
      fault: "Of several data fields the last one holds.",
      killedBy: "parse/data/lines-are-joined",
    },
    (Base) =>
      class extends Base {
        override dataField(value: string): void {
          this.data = `${value}\n`;
        }
      },
  ),
  parserMutant(
    {
      name: "joins-data-without-lf",
      fault: "Several data fields are joined without an LF.",
      killedBy: "parse/data/lines-are-joined",
    },
    (Base) =>
      class extends Base {
        override dataField(value: string): void {
          this.data = `${this.data.slice(0, -1)}${value}\n`;
        }
      },
  ),
  parserMutant(
    {
      name: "skips-empty-data",
      fault: "A data field without a value is skipped.",
      killedBy: "parse/data/empty-value",
    },
    (Base) =>
      class extends Base {
        override dataField(value: string): void {
          if (value !== "" || this.data !== "") super.dataField(value);
        }
      },
  ),
  parserMutant(
    {
      name: "unescapes-data",
      fault: "A backslash and an n become a line break.",
      killedBy: "parse/data/taken-literally",
    },
    (Base) =>
      class extends Base {
        override dataField(value: string): void {
          super.dataField(value.replaceAll("\\n", "\n"));
        }
      },
  ),
  parserMutant(
    {
      name: "bounds-data-at-64-kibibytes",
      fault: "A line over 64 KiB is cut, as by a fixed buffer.",
      killedBy: "parse/data/large",
    },
    (Base) =>
      class extends Base {
        override dataField(value: string): void {
          super.dataField(value.slice(0, 65_536));
        }
      },
  ),
  parserMutant(
    {
      name: "ignores-id-fields",
      fault: "No event has a last event ID.",
      killedBy: "parse/id/sets-the-last-event-id",
    },
    (Base) =>
      class extends Base {
        override idField(): void {}
      },
  ),
  parserMutant(
    {
      name: "ignores-empty-ids",
      fault: "An empty id doesn't reset the last event ID.",
      killedBy: "parse/id/empty-resets",
    },
    (Base) =>
      class extends Base {
        override idField(value: string): void {
          if (value !== "") super.idField(value);
        }
      },
  ),
  parserMutant(
    {
      name: "takes-ids-with-null",
      fault: "An id with U+0000 is taken.",
      killedBy: "parse/id/null-is-ignored",
    },
    (Base) =>
      class extends Base {
        override idField(value: string): void {
          this.idBuffer = value;
        }
      },
  ),
  parserMutant(
    {
      name: "resets-at-ids-with-null",
      fault: "An id with U+0000 resets the last event ID instead of being ignored.",
      killedBy: "parse/id/null-is-ignored",
    },
    (Base) =>
      class extends Base {
        override idField(value: string): void {
          this.idBuffer = value.includes("\0") ? "" : value;
        }
      },
  ),
  parserMutant(
    {
      name: "keeps-the-first-id",
      fault: "Of several id fields in a block the first one holds.",
      killedBy: "parse/id/last-one-holds",
    },
    (Base) =>
      class extends Base {
        override idField(value: string): void {
          if (this.idBuffer === this.lastEventId || value === "") super.idField(value);
        }
      },
  ),
  parserMutant(
    {
      name: "reads-ids-as-numbers",
      fault: "An id of digits loses its leading zeros.",
      killedBy: "parse/id/any-text",
    },
    (Base) =>
      class extends Base {
        override idField(value: string): void {
          super.idField(/^\d+$/.test(value) ? `${Number(value)}` : value);
        }
      },
  ),
  parserMutant(
    {
      name: "trims-ids",
      fault: "White space at the end of an id is removed.",
      killedBy: "parse/id/any-text",
    },
    (Base) =>
      class extends Base {
        override idField(value: string): void {
          super.idField(value.trimEnd());
        }
      },
  ),
  parserMutant(
    {
      name: "ignores-retry-fields",
      fault: "The reconnection time is never set.",
      killedBy: "parse/retry/sets-the-time",
    },
    (Base) =>
      class extends Base {
        override retryField(): void {}
      },
  ),
  parserMutant(
    {
      name: "reads-retry-in-seconds",
      fault: "The value of retry is taken for seconds.",
      killedBy: "parse/retry/sets-the-time",
    },
    (Base) =>
      class extends Base {
        override retryField(value: string): void {
          super.retryField(`${value}000`);
        }
      },
  ),
  parserMutant(
    {
      name: "sets-the-time-at-the-blank-line",
      fault: "A retry field counts only when its block ends.",
      killedBy: "parse/retry/holds-at-once",
    },
    (Base) =>
      class extends Base {
        override retryField(value: string): void {
          this.#held = value;
        }
        override dispatch(): void {
          if (this.#held !== undefined) super.retryField(this.#held);
          super.dispatch();
        }
        #held: string | undefined;
      },
  ),
  parserMutant(
    {
      name: "takes-the-digits-that-retry-begins-with",
      fault: "parseInt() takes 1000x for 1000.",
      killedBy: "parse/retry/digits-alone",
    },
    (Base) =>
      class extends Base {
        override retryField(value: string): void {
          const time = Number.parseInt(value, 10);
          if (time >= 0) this.reconnectionTime = time;
        }
      },
  ),
  parserMutant(
    {
      name: "takes-every-number-for-retry",
      fault: "Number() takes 1e3, 0x10 and spaces.",
      killedBy: "parse/retry/digits-alone",
    },
    (Base) =>
      class extends Base {
        override retryField(value: string): void {
          if (value !== "" && Number(value) >= 0) this.reconnectionTime = Number(value);
        }
      },
  ),
  parserMutant(
    {
      name: "takes-any-digits-for-retry",
      fault: "Digits of other scripts are taken, as some languages do.",
      killedBy: "parse/retry/digits-alone",
    },
    (Base) =>
      class extends Base {
        override retryField(value: string): void {
          if (/^\p{Nd}+$/u.test(value)) this.reconnectionTime = Number(value) || 3;
        }
      },
  ),
  parserMutant(
    {
      name: "goes-back-to-a-default-at-bogus-retry",
      fault: "A value that is no number sets the time back.",
      killedBy: "parse/retry/bogus-leaves-the-old",
    },
    (Base) =>
      class extends Base {
        override retryField(value: string): void {
          this.reconnectionTime = /^[0-9]+$/.test(value) ? Number(value) : undefined;
        }
      },
  ),
  parserMutant(
    {
      name: "takes-empty-retry-for-zero",
      fault: "An empty value is taken for 0, as Number() takes it.",
      killedBy: "parse/retry/empty",
    },
    (Base) =>
      class extends Base {
        override retryField(value: string): void {
          if (/^[0-9]*$/.test(value)) this.reconnectionTime = Number(value);
        }
      },
  ),
  parserMutant(
    {
      name: "reads-retry-as-octal",
      fault: "Leading zeros make the number octal.",
      killedBy: "parse/retry/base-ten",
    },
    (Base) =>
      class extends Base {
        override retryField(value: string): void {
          super.retryField(/^0[0-7]+$/.test(value) ? `${Number.parseInt(value, 8)}` : value);
        }
      },
  ),
  parserMutant(
    {
      name: "ignores-retry-of-zero",
      fault: "Zero is taken for no time.",
      killedBy: "parse/retry/zero",
    },
    (Base) =>
      class extends Base {
        override retryField(value: string): void {
          if (Number(value) !== 0) super.retryField(value);
        }
      },
  ),
  parserMutant(
    {
      name: "keeps-the-first-retry",
      fault: "Only the first retry field counts.",
      killedBy: "parse/retry/last-one-holds",
    },
    (Base) =>
      class extends Base {
        override retryField(value: string): void {
          if (this.reconnectionTime === undefined) super.retryField(value);
        }
      },
  ),
];
