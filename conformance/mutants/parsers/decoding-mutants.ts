import type { ParserSubject } from "../../src/parser/parser-subject.ts";
import type { Mutant } from "../mutant.ts";
import { parserMutant } from "./parser-mutant.ts";

/** RULES A23 broken: bytes become wrong text. */
export const decodingMutants: readonly Mutant<ParserSubject>[] = [
  parserMutant(
    {
      name: "keeps-the-bom",
      fault: "A BOM at the start of the stream spoils the name of its first field.",
      killedBy: "parse/bom/one-is-dropped",
    },
    (Base) =>
      class extends Base {
        override withoutByteOrderMark(text: string): string {
          return text;
        }
      },
  ),
  parserMutant(
    {
      name: "drops-every-bom-at-the-start",
      fault: "All BOMs at the start are dropped, as a trim would do.",
      killedBy: "parse/bom/second-one-stays",
    },
    (Base) =>
      class extends Base {
        override withoutByteOrderMark(text: string): string {
          return text.replace(/^\ufeff+/, "");
        }
      },
  ),
  parserMutant(
    {
      name: "drops-every-bom",
      fault: "A BOM is dropped wherever it stands.",
      killedBy: "parse/bom/later-one-stays",
    },
    (Base) =>
      class extends Base {
        override text(text: string): void {
          super.text(text.replaceAll("\ufeff", ""));
        }
      },
  ),
  parserMutant(
    {
      name: "drops-a-bom-per-line",
      fault: "Each line may begin with a BOM.",
      killedBy: "parse/bom/later-one-stays",
    },
    (Base) =>
      class extends Base {
        override line(line: string): void {
          super.line(line.replace(/^\ufeff/, ""));
        }
      },
  ),
  parserMutant(
    {
      name: "decodes-latin-1",
      fault: "Bytes are read as windows-1252.",
      killedBy: "parse/utf-8/characters",
    },
    (Base) =>
      class extends Base {
        override decoder = new TextDecoder("windows-1252");
      },
  ),
  parserMutant(
    {
      name: "decodes-each-chunk-alone",
      fault: "A character that is cut between chunks becomes two U+FFFD.",
      killedBy: "parse/utf-8/characters",
    },
    (Base) =>
      class extends Base {
        override decode(chunk: Uint8Array): string {
          return new TextDecoder("utf-8", { ignoreBOM: true }).decode(chunk);
        }
      },
  ),
  parserMutant(
    {
      name: "throws-at-bad-bytes",
      fault: "The decoder is fatal, so one bad byte ends the stream.",
      killedBy: "parse/utf-8/bad-bytes",
    },
    (Base) =>
      class extends Base {
        override decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });
      },
  ),
  parserMutant(
    {
      name: "drops-bad-bytes",
      fault: "Bytes that are no UTF-8 are left out.",
      killedBy: "parse/utf-8/bad-bytes",
    },
    (Base) =>
      class extends Base {
        override text(text: string): void {
          super.text(text.replaceAll("\ufffd", ""));
        }
      },
  ),
  parserMutant(
    {
      name: "swallows-the-byte-after-a-cut-character",
      fault: "A character that is cut short takes the line end after it.",
      killedBy: "parse/utf-8/cut-character",
    },
    (Base) =>
      class extends Base {
        override text(text: string): void {
          super.text(text.replaceAll("\ufffd\n", "\ufffd"));
        }
      },
  ),
  parserMutant(
    {
      name: "ends-data-at-null",
      fault: "Data ends at U+0000, as a C string does.",
      killedBy: "parse/data/null-character",
    },
    (Base) =>
      class extends Base {
        override dataField(value: string): void {
          super.dataField(value.split("\0")[0] ?? "");
        }
      },
  ),
];
