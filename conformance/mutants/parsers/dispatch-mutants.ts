import type { ParserSubject } from "../../src/parser/parser-subject.ts";
import type { Mutant } from "../mutant.ts";
import { parserMutant } from "./parser-mutant.ts";

/** RULES A26 and A35 to A40 broken: events are dispatched wrongly. */
export const dispatchMutants: readonly Mutant<ParserSubject>[] = [
  parserMutant(
    {
      name: "dispatches-nothing",
      fault: "No event is ever dispatched.",
      killedBy: "parse/smoke/one-event",
    },
    (Base) =>
      class extends Base {
        override emitEvent(): void {
          this.clear();
        }
      },
  ),
  parserMutant(
    {
      name: "removes-all-trailing-lfs",
      fault: "Empty data lines at the end are lost.",
      killedBy: "parse/data/one-lf-is-removed",
    },
    (Base) =>
      class extends Base {
        override emitEvent(): void {
          this.data = `${this.data.replace(/\n+$/, "")}\n`;
          super.emitEvent();
        }
      },
  ),
  parserMutant(
    {
      name: "keeps-the-trailing-lf",
      fault: "The LF at the end of the data stays.",
      killedBy: "parse/smoke/one-event",
    },
    (Base) =>
      class extends Base {
        override emitEvent(): void {
          this.data += "\n";
          super.emitEvent();
        }
      },
  ),
  parserMutant(
    {
      name: "dispatches-without-data",
      fault: "A block with a type alone gives an event.",
      killedBy: "parse/data/none-gives-no-event",
    },
    (Base) =>
      class extends Base {
        override withoutData(): void {
          if (this.type !== "") this.emitEvent();
        }
      },
  ),
  parserMutant(
    {
      name: "keeps-data-over-blocks",
      fault: "The data of a block is put before that of the next.",
      killedBy: "parse/data/ends-with-its-block",
    },
    (Base) =>
      class extends Base {
        override clear(): void {
          this.type = "";
        }
      },
  ),
  parserMutant(
    {
      name: "keeps-the-type-over-blocks",
      fault: "A type holds until another one comes.",
      killedBy: "parse/event/ends-with-its-block",
    },
    (Base) =>
      class extends Base {
        override clear(): void {
          this.data = "";
        }
      },
  ),
  parserMutant(
    {
      name: "keeps-the-type-of-a-block-without-data",
      fault: "A type without data is given to the next event.",
      killedBy: "parse/event/ends-without-data",
    },
    (Base) =>
      class extends Base {
        override withoutData(): void {}
      },
  ),
  parserMutant(
    {
      name: "swallows-events-named-error",
      fault: "An event of the type error is kept for the parser's own use.",
      killedBy: "parse/event/any-name",
    },
    (Base) =>
      class extends Base {
        override emitEvent(): void {
          if (this.type === "error") this.clear();
          else super.emitEvent();
        }
      },
  ),
  parserMutant(
    {
      name: "forgets-the-id-with-its-block",
      fault: "Only the event that brings an id tells it.",
      killedBy: "parse/id/persists",
    },
    (Base) =>
      class extends Base {
        override dispatch(): void {
          super.dispatch();
          this.idBuffer = "";
        }
      },
  ),
  parserMutant(
    {
      name: "skips-the-id-of-a-block-without-data",
      fault: "An id without data is not seen.",
      killedBy: "parse/id/without-data",
    },
    (Base) =>
      class extends Base {
        override withoutData(): void {
          this.lastEventId = this.idBuffer = this.#committed;
          super.withoutData();
        }
        override emitEvent(): void {
          this.#committed = this.lastEventId;
          super.emitEvent();
        }
        #committed = "";
      },
  ),
  parserMutant(
    {
      name: "dispatches-the-rest-at-the-end",
      fault: "A block that was cut off is dispatched when the stream ends.",
      killedBy: "parse/end/unfinished-block",
    },
    (Base) =>
      class extends Base {
        override end(): void {
          if (this.data !== "") this.dispatch();
          super.end();
        }
      },
  ),
  parserMutant(
    {
      name: "takes-a-line-without-its-end",
      fault: "The last line counts without a line end.",
      killedBy: "parse/end/unfinished-line",
    },
    (Base) =>
      class extends Base {
        override end(): void {
          if (this.rest !== "") this.line(this.rest);
          super.end();
        }
      },
  ),
  parserMutant(
    {
      name: "gives-an-empty-event-at-the-end",
      fault: "The end of a stream without events gives one.",
      killedBy: "parse/end/nothing",
    },
    (Base) =>
      class extends Base {
        override emitEvent(): void {
          this.#any = true;
          super.emitEvent();
        }
        override end(): void {
          if (!this.#any) this.emit({ type: "message", data: "", lastEventId: "" });
        }
        #any = false;
      },
  ),
  parserMutant(
    {
      name: "loses-data-before-a-retry-field",
      fault: "A retry field inside a block empties its data.",
      killedBy: "parse/generated/agrees-with-the-reference",
    },
    (Base) =>
      class extends Base {
        override retryField(value: string): void {
          super.retryField(value);
          if (/^[0-9]+$/.test(value)) this.data = "";
        }
      },
  ),
];
