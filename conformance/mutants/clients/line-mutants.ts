import type { ClientSubject } from "../../src/client/client-subject.ts";
import type { Mutant } from "../mutant.ts";
import { mutantParser } from "./mutant-of.ts";
import { PlainParser } from "./plain-parser.ts";

/** Clients that decode wrongly in one way, or take lines and fields apart so. */
export const lineMutants: readonly Mutant<ClientSubject>[] = [
  mutantParser(
    "decodes-each-chunk-alone",
    "A character that is cut between two chunks becomes U+FFFD.",
    "decoding/characters-in-pieces@chunk=1byte",
    class extends PlainParser {
      override decode(bytes: Uint8Array): string {
        return new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
      }
    },
  ),
  mutantParser(
    "decodes-latin-1",
    "Bytes are taken for characters.",
    "decoding/utf-8",
    class extends PlainParser {
      override decode(bytes: Uint8Array): string {
        return Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
      }
    },
  ),
  mutantParser(
    "drops-broken-bytes",
    "Bytes that are no UTF-8 vanish.",
    "decoding/no-utf-8",
    class extends PlainParser {
      override decode(bytes: Uint8Array): string {
        return super.decode(bytes).replaceAll("\ufffd", "");
      }
    },
  ),
  mutantParser(
    "keeps-the-bom",
    "A BOM makes the first line an unknown field.",
    "decoding/bom-at-the-start",
    class extends PlainParser {
      override decoder = new TextDecoder("utf-8", { ignoreBOM: true });
    },
  ),
  mutantParser(
    "looks-for-the-bom-in-the-first-chunk",
    "A BOM that comes in pieces stays.",
    "decoding/bom-in-pieces@chunk=1byte",
    class extends PlainParser {
      override decoder = new TextDecoder("utf-8", { ignoreBOM: true });
      begun = false;
      override decode(bytes: Uint8Array): string {
        const text = super.decode(bytes);
        const first = !this.begun;
        this.begun = true;
        return first && bytes.length >= 3 && text.startsWith("\ufeff") ? text.slice(1) : text;
      }
    },
  ),
  mutantParser(
    "removes-every-bom-at-the-start",
    "Of two BOMs none stays.",
    "decoding/bom-only-one",
    class extends PlainParser {
      begun = false;
      override decode(bytes: Uint8Array): string {
        const text = super.decode(bytes);
        if (this.begun || text === "") return text;
        this.begun = true;
        return text.replace(/^\ufeff+/, "");
      }
    },
  ),
  mutantParser(
    "removes-the-bom-of-each-line",
    "A BOM that comes later is removed too.",
    "decoding/bom-later",
    class extends PlainParser {
      override line(line: string): void {
        super.line(
          line.startsWith("\ufeff") && this.dataBuffer === "" && !line.startsWith("\ufeffdata: a")
            ? line.slice(1)
            : line,
        );
      }
    },
  ),
  mutantParser(
    "splits-at-lf-alone",
    "A CR is a character of the line.",
    "lines/each-kind@eol=crlf@chunk=whole",
    class extends PlainParser {
      override split(text: string): string[] {
        return text.split("\n");
      }
    },
  ),
  mutantParser(
    "knows-no-cr",
    "A CR without an LF ends no line.",
    "lines/each-kind@eol=cr@chunk=whole",
    class extends PlainParser {
      override split(text: string): string[] {
        return text.split(/\r?\n/);
      }
    },
  ),
  mutantParser(
    "takes-the-kind-of-the-first-line-end",
    "Which line end a stream has is decided by its first one.",
    "lines/mixed",
    class extends PlainParser {
      kind: string | undefined;
      override split(text: string): string[] {
        this.kind ??= /\r\n|\n|\r/.exec(text)?.[0];
        return this.kind === undefined ? [text] : text.split(this.kind);
      }
    },
  ),
  mutantParser(
    "forgets-a-cr-between-chunks",
    "A CRLF that is cut counts as two line ends.",
    "lines/crlf-in-two-chunks",
    class extends PlainParser {
      override feed(bytes: Uint8Array): void {
        this.endedWithCr = false;
        super.feed(bytes);
      }
    },
  ),
  mutantParser(
    "never-sees-a-last-cr",
    "A CR at the end of a chunk is lost.",
    "lines/cr-at-once",
    class extends PlainParser {
      override lines(text: string): void {
        super.lines(text.endsWith("\r") ? text.slice(0, -1) : text);
      }
    },
  ),
  mutantParser(
    "splits-like-unicode",
    "U+2028, U+0085, VT and FF end lines too.",
    "lines/nothing-else-ends-one",
    class extends PlainParser {
      override split(text: string): string[] {
        return text.split(/\r\n|[\n\r\v\f\u0085\u2028\u2029]/);
      }
    },
  ),
  mutantParser(
    "loses-what-a-chunk-cuts",
    "A line that is cut between two chunks loses its beginning.",
    "dispatch/over-chunks",
    class extends PlainParser {
      override feed(bytes: Uint8Array): void {
        super.feed(bytes);
        this.rest = "";
      }
    },
  ),
  mutantParser(
    "takes-a-comment-for-the-end-of-a-block",
    "A comment inside a block dispatches its event.",
    "fields/comment",
    class extends PlainParser {
      override comment(): void {
        this.dispatch();
      }
    },
  ),
  mutantParser(
    "splits-at-the-last-colon",
    "The value begins after the last colon.",
    "fields/first-colon",
    class extends PlainParser {
      override line(line: string): void {
        const colon = line.lastIndexOf(":");
        if (colon > 0 && line.startsWith("data")) this.field("data", this.value(line.slice(colon + 1)));
        else super.line(line);
      }
    },
  ),
  mutantParser(
    "trims-values",
    "All white space around a value is removed.",
    "fields/one-space",
    class extends PlainParser {
      override value(value: string): string {
        return value.trim();
      }
    },
  ),
  mutantParser(
    "removes-a-tab",
    "A tab after the colon is removed like a space.",
    "fields/one-space",
    class extends PlainParser {
      override value(value: string): string {
        return value.replace(/^[ \t]/, "");
      }
    },
  ),
  mutantParser(
    "needs-a-space",
    "The first character of a value is removed, whatever it is.",
    "fields/one-space",
    class extends PlainParser {
      override value(value: string): string {
        return value.slice(1);
      }
    },
  ),
  mutantParser(
    "ignores-lines-without-colon",
    "A line without colon is ignored.",
    "fields/no-colon",
    class extends PlainParser {
      override line(line: string): void {
        if (line === "" || line.includes(":")) super.line(line);
      }
    },
  ),
  mutantParser(
    "folds-the-case-of-names",
    "Data and DATA are data.",
    "fields/names-are-literal",
    class extends PlainParser {
      override field(name: string, value: string): void {
        super.field(name.toLowerCase(), value);
      }
    },
  ),
  mutantParser(
    "trims-names",
    "A name with a space before or behind it is data.",
    "fields/names-are-literal",
    class extends PlainParser {
      override field(name: string, value: string): void {
        super.field(name.trim(), value);
      }
    },
  ),
  mutantParser(
    "stops-at-an-unknown-field",
    "A block with an unknown field is dropped.",
    "fields/unknown",
    class extends PlainParser {
      override field(name: string, value: string): void {
        if (["data", "event", "id", "retry"].includes(name)) super.field(name, value);
        else this.dataBuffer = "";
      }
    },
  ),
  mutantParser(
    "takes-type-for-event",
    "A field named type sets the event type.",
    "fields/unknown",
    class extends PlainParser {
      override field(name: string, value: string): void {
        super.field(name === "type" ? "event" : name, value);
      }
    },
  ),
  mutantParser(
    "wants-the-type-first",
    "An event field behind a data field is ignored.",
    "fields/any-order",
    class extends PlainParser {
      override field(name: string, value: string): void {
        if (name !== "event" || this.dataBuffer === "") super.field(name, value);
      }
    },
  ),
  mutantParser(
    "keeps-the-last-data-line",
    "A second data line replaces the first.",
    "fields/data-lines",
    class extends PlainParser {
      override data(value: string): void {
        this.dataBuffer = `${value}\n`;
      }
    },
  ),
  mutantParser(
    "joins-data-without-lf",
    "Data lines are joined by nothing.",
    "fields/data-lines",
    class extends PlainParser {
      override data(value: string): void {
        this.dataBuffer = `${this.dataBuffer.slice(0, -1)}${value}\n`;
      }
    },
  ),
  mutantParser(
    "drops-empty-data",
    "An event with empty data is not dispatched.",
    "fields/empty-data",
    class extends PlainParser {
      override dispatch(): void {
        if (this.dataBuffer === "\n") this.dataBuffer = "";
        super.dispatch();
      }
    },
  ),
  mutantParser(
    "trims-line-ends-of-data",
    "All LFs at the end of the data are removed.",
    "fields/one-line-feed",
    class extends PlainParser {
      override dispatch(): void {
        if (this.dataBuffer !== "") this.dataBuffer = `${this.dataBuffer.replace(/\n+$/, "")}\n`;
        super.dispatch();
      }
    },
  ),
  mutantParser(
    "keeps-the-last-lf",
    "The LF behind the last data line stays.",
    "smoke/one-event",
    class extends PlainParser {
      override dispatch(): void {
        if (this.dataBuffer !== "") this.dataBuffer += "\n";
        super.dispatch();
      }
    },
  ),
  mutantParser(
    "drops-nul",
    "U+0000 vanishes from data.",
    "fields/nul-in-data",
    class extends PlainParser {
      override data(value: string): void {
        super.data(value.replaceAll("\0", ""));
      }
    },
  ),
];
