import type { ParserSubject } from "../../src/parser/parser-subject.ts";
import type { Mutant } from "../mutant.ts";
import { parserMutant } from "./parser-mutant.ts";

/** RULES A24 and A27 broken: lines end, or are taken for comments, where they are not. */
export const lineMutants: readonly Mutant<ParserSubject>[] = [
  parserMutant(
    {
      name: "splits-at-lf-alone",
      fault: "A CR is a character like any other, so it stays in values and blank lines are not seen.",
      killedBy: "parse/line-ends/each-kind",
    },
    (Base) =>
      class extends Base {
        override lines(text: string): string[] {
          const lines = (this.rest + text).split("\n");
          this.rest = lines.pop() ?? "";
          return lines;
        }
      },
  ),
  parserMutant(
    {
      name: "knows-lf-and-crlf",
      fault: "A CR ends a line only before an LF.",
      killedBy: "parse/line-ends/each-kind",
    },
    (Base) =>
      class extends Base {
        override lines(text: string): string[] {
          const lines = (this.rest + text).split(/\r?\n/);
          this.rest = lines.pop() ?? "";
          return lines;
        }
      },
  ),
  parserMutant(
    {
      name: "settles-on-the-first-line-end",
      fault: "All lines are expected to end like the first.",
      killedBy: "parse/line-ends/mixed",
    },
    (Base) =>
      class extends Base {
        #lineEnd: string | undefined;
        override lines(text: string): string[] {
          this.rest += text;
          // Not before the byte after a CR has come.
          this.#lineEnd ??= /\r\n|\n|\r(?=[\s\S])/.exec(this.rest)?.[0];
          if (this.#lineEnd === undefined) return [];
          const lines = this.rest.split(this.#lineEnd);
          this.rest = lines.pop() ?? "";
          return lines;
        }
      },
  ),
  parserMutant(
    {
      name: "counts-crlf-between-chunks-twice",
      fault: "A CR at the end of a chunk and the LF of the next are two line ends.",
      killedBy: "parse/line-ends/crlf-between-chunks",
    },
    (Base) =>
      class extends Base {
        override lines(text: string): string[] {
          const lines = (this.rest + text).split(/\r\n|\n|\r/);
          this.rest = lines.pop() ?? "";
          return lines;
        }
      },
  ),
  parserMutant(
    {
      name: "takes-lf-cr-for-one",
      fault: "LF and CR are one line end in either order.",
      killedBy: "parse/line-ends/lf-before-cr",
    },
    (Base) =>
      class extends Base {
        override lines(text: string): string[] {
          return super.lines(text.replaceAll(/(?<!\r)\n\r/g, "\n"));
        }
      },
  ),
  parserMutant(
    {
      name: "swallows-every-lf-after-a-cr",
      fault: "After a CR all LFs that follow are swallowed.",
      killedBy: "parse/line-ends/one-lf-is-swallowed",
    },
    (Base) =>
      class extends Base {
        override lines(text: string): string[] {
          return super.lines(text.replaceAll(/\r\n+/g, "\r"));
        }
      },
  ),
  parserMutant(
    {
      name: "splits-at-unicode-line-ends",
      fault: "U+2028, U+2029, U+0085, VT and FF end lines, as in splitlines() of Python.",
      killedBy: "parse/line-ends/no-others",
    },
    (Base) =>
      class extends Base {
        override lines(text: string): string[] {
          const others = ["\u2028", "\u2029", "\u0085", "\v", "\f", "\u001e"];
          return super.lines(others.reduce((rest, other) => rest.replaceAll(other, "\n"), text));
        }
      },
  ),
  parserMutant(
    {
      name: "waits-for-the-byte-after-a-cr",
      fault: "A CR ends its line when the next byte comes, which at the end of the stream is never.",
      killedBy: "parse/line-ends/cr-at-the-end",
    },
    (Base) =>
      class extends Base {
        override text(text: string): void {
          const all = this.#held + text;
          this.#held = all.endsWith("\r") ? "\r" : "";
          super.text(this.#held === "" ? all : all.slice(0, -1));
        }
        #held = "";
      },
  ),
  parserMutant(
    {
      name: "dispatches-at-every-blank-line",
      fault: "A blank line without a block before it gives an empty event.",
      killedBy: "parse/line-ends/more-blank-lines",
    },
    (Base) =>
      class extends Base {
        override withoutData(): void {
          if (this.#fresh) this.emit({ type: "message", data: "", lastEventId: this.lastEventId });
          super.withoutData();
        }
        override line(line: string): void {
          this.#fresh = line === "" && this.#blank;
          this.#blank = line === "";
          super.line(line);
        }
        #fresh = true;
        #blank = true;
      },
  ),
  parserMutant(
    {
      name: "takes-comments-for-data",
      fault: "A comment line is added to the data.",
      killedBy: "parse/comments/ignored",
    },
    (Base) =>
      class extends Base {
        override comment(text: string): void {
          this.dataField(text);
        }
      },
  ),
  parserMutant(
    {
      name: "reads-fields-in-comments",
      fault: "The colon of a comment is cut off, and what follows is read as a field.",
      killedBy: "parse/comments/that-look-like-fields",
    },
    (Base) =>
      class extends Base {
        override comment(text: string): void {
          if (text.startsWith("data")) this.line(text);
        }
      },
  ),
  parserMutant(
    {
      name: "ends-blocks-at-comments",
      fault: "A comment dispatches what has come so far.",
      killedBy: "parse/comments/end-no-block",
    },
    (Base) =>
      class extends Base {
        override comment(): void {
          if (this.data !== "") this.dispatch();
        }
      },
  ),
  parserMutant(
    {
      name: "dispatches-heartbeats",
      fault: "A comment and a blank line give an empty message.",
      killedBy: "parse/comments/give-no-event",
    },
    (Base) =>
      class extends Base {
        override comment(): void {
          this.#commented = true;
        }
        override withoutData(): void {
          if (this.#commented) this.emit({ type: "message", data: "", lastEventId: this.lastEventId });
          super.withoutData();
        }
        override dispatch(): void {
          super.dispatch();
          this.#commented = false;
        }
        #commented = false;
      },
  ),
  parserMutant(
    {
      name: "bounds-comments-at-a-kibibyte",
      fault: "A comment of more than 1024 characters is cut, and its rest read as a field.",
      killedBy: "parse/comments/any-length",
    },
    (Base) =>
      class extends Base {
        override comment(text: string): void {
          if (text.length > 1024) throw new RangeError("Line too long");
        }
      },
  ),
];
