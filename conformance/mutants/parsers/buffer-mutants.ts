import type { ParserSubject } from "../../src/parser/parser-subject.ts";
import type { Mutant } from "../mutant.ts";
import { parserMutant } from "./parser-mutant.ts";

/** RULES A31 to A33 broken: what fields say is taken wrongly. */
export const bufferMutants: readonly Mutant<ParserSubject>[] = [
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
