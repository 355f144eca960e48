import type { PublishedEvent } from "../../src/server/publisher.ts";
import type { ServerSubject } from "../../src/server/server-subject.ts";
import type { Mutant } from "../mutant.ts";
import { Batching } from "./batching.ts";
import type { Entry } from "./reference-server.ts";
import { serverMutant } from "./server-mutant.ts";

/** A server that spoils data before it keeps it. */
function spoils(
  name: string,
  init: { fault: string; killedBy: string },
  spoil: (data: string) => string,
): Mutant<ServerSubject> {
  return serverMutant(
    name,
    init,
    (Base) =>
      class extends Base {
        override accept(event: PublishedEvent): Entry {
          return super.accept({ ...event, data: spoil(event.data) });
        }
      },
  );
}

/** A server that writes the lines of data otherwise. */
function writes(
  name: string,
  init: { fault: string; killedBy: string },
  linesOf: (data: string) => string[],
): Mutant<ServerSubject> {
  return serverMutant(
    name,
    init,
    (Base) =>
      class extends Base {
        override linesOf(data: string): string[] {
          return linesOf(data);
        }
      },
  );
}

const LINE_END = /\r\n|\r|\n/;

/** Faults in what an event is on the wire. */
export const fidelityMutants: readonly Mutant<ServerSubject>[] = [
  spoils("quotes-everything", { fault: "Text is serialised as JSON.", killedBy: "fidelity/one-line" }, (data) =>
    / /.test(data) ? JSON.stringify(data) : data,
  ),
  writes(
    "joins-by-comma",
    { fault: "An array of lines is put into a template.", killedBy: "fidelity/several-lines" },
    (data) => [data.split(LINE_END).join(",")],
  ),
  writes(
    "splits-at-lf-alone",
    { fault: "A CR stays in the data and ends the line.", killedBy: "fidelity/cr-and-crlf" },
    (data) => data.split("\n"),
  ),
  writes(
    "drops-the-last-newline",
    { fault: "A newline at the end is lost.", killedBy: "fidelity/trailing-newline" },
    (data) => data.replace(/\n$/, "").split(LINE_END),
  ),
  spoils(
    "trims-newlines",
    { fault: "Data is trimmed of newlines.", killedBy: "fidelity/several-trailing-newlines" },
    (data) => data.replaceAll(/^\n+|\n{2,}$/g, ""),
  ),
  writes(
    "drops-empty-lines",
    { fault: "Empty lines of data are left out.", killedBy: "fidelity/only-newlines" },
    (data) => {
      const lines = data.split(LINE_END).filter((line) => line !== "");
      return lines.length === 0 ? [""] : lines;
    },
  ),
  serverMutant(
    "no-line-for-empty-data",
    { fault: "Empty data gets no data line, so that nothing is dispatched.", killedBy: "fidelity/empty" },
    (Base) =>
      class extends Base {
        override linesOf(data: string): string[] {
          return data === "" ? [] : super.linesOf(data);
        }
      },
  ),
  serverMutant(
    "no-space-after-the-colon",
    { fault: "A leading space of the data is lost.", killedBy: "fidelity/leading-space" },
    (Base) =>
      class extends Base {
        override field(name: string, value: string): string {
          return `${name}:${value}`;
        }
      },
  ),
  serverMutant(
    "space-on-the-first-line-alone",
    { fault: "Indented lines after the first lose a space.", killedBy: "fidelity/leading-space-of-every-line" },
    (Base) =>
      class extends Base {
        override encode(entry: Entry): string {
          let isFirst = true;
          return super.encode(entry).replaceAll(/^data: /gm, (all) => {
            const kept = isFirst ? all : "data:";
            isFirst = false;
            return kept;
          });
        }
      },
  ),
  spoils(
    "trims-the-end",
    { fault: "White space at the end is removed.", killedBy: "fidelity/trailing-space" },
    (data) => data.replace(/[ \t]+$/, ""),
  ),
  serverMutant(
    "prefixes-the-first-line-alone",
    { fault: "Only the first line of the data has data: before it.", killedBy: "fidelity/colons" },
    (Base) =>
      class extends Base {
        override linesOf(data: string): string[] {
          return data.startsWith(": not") ? [data] : super.linesOf(data);
        }
      },
  ),
  spoils(
    "knows-latin-1-alone",
    { fault: "Characters beyond Latin-1 become question marks.", killedBy: "fidelity/unicode" },
    (data) => (data.length > 1000 ? data : data.replaceAll(/[^\0-\u00ff\u0085\u2028\u2029\ufeff]/gu, "?")),
  ),
  writes(
    "splits-at-unicode-line-ends",
    { fault: "splitlines() cuts at U+2028, U+0085, VT and FF.", killedBy: "fidelity/line-separators-of-unicode" },
    (data) => data.split(/\r\n|[\r\n\v\f\u0085\u2028\u2029]/),
  ),
  spoils(
    "strips-a-bom",
    { fault: "A U+FEFF at the start is taken for a byte order mark.", killedBy: "fidelity/byte-order-mark" },
    (data) => data.replace(/^\ufeff/, ""),
  ),
  spoils(
    "ends-at-nul",
    { fault: "Data ends at a NUL.", killedBy: "fidelity/nul" },
    (data) => data.split("\0", 1)[0] ?? "",
  ),
  spoils("normalises-json", { fault: "JSON text is parsed and serialised.", killedBy: "fidelity/json-text" }, (data) =>
    data.startsWith("{") && data.endsWith("}") && !data.includes("\n")
      ? JSON.stringify(JSON.parse(data), null, 1)
      : data,
  ),
  spoils(
    "unquotes-json",
    { fault: "Text that is a JSON string loses its quotes.", killedBy: "fidelity/json-looking-scalars" },
    (data) => (/^"[^"]*"$/.test(data) ? (JSON.parse(data) as string) : data),
  ),
  spoils("decodes-twice", { fault: "Form encoding is decoded twice.", killedBy: "fidelity/form-characters" }, (data) =>
    data.replaceAll("+", " ").replaceAll("%20", " "),
  ),
  spoils("escapes-html", { fault: "Data is escaped as HTML.", killedBy: "fidelity/markup" }, (data) =>
    data.replaceAll("&", "&amp;").replaceAll("<", "&lt;"),
  ),
  spoils(
    "cuts-at-64-kib",
    { fault: "Events are cut at the size of a buffer.", killedBy: "fidelity/large-line" },
    (data) => data.slice(0, 65_536),
  ),
  writes(
    "at-most-1000-lines",
    { fault: "Lines beyond the thousandth are dropped.", killedBy: "fidelity/many-lines" },
    (data) => data.split(LINE_END).slice(0, 1_000),
  ),
  spoils(
    "decodes-pieces-apart",
    { fault: "Each buffer of a published body is decoded by itself.", killedBy: "fidelity/characters-at-buffer-ends" },
    (data) => {
      const bytes = Buffer.from(data);
      let text = "";
      for (let at = 0; at < bytes.length; at += 16_384) text += bytes.subarray(at, at + 16_384).toString();
      return text;
    },
  ),
  serverMutant(
    "lower-case-types",
    { fault: "Types are folded to lower case.", killedBy: "fidelity/type" },
    (Base) =>
      class extends Base {
        override accept(event: PublishedEvent): Entry {
          return super.accept(event.event === undefined ? event : { ...event, event: event.event.toLowerCase() });
        }
      },
  ),
  serverMutant(
    "types-without-data",
    {
      fault: "An event with a type and empty data is a type alone, which nothing dispatches.",
      killedBy: "fidelity/type-of-data-without-content",
    },
    (Base) =>
      class extends Base {
        override encode(entry: Entry): string {
          return entry.event !== undefined && entry.data === "" ? `event: ${entry.event}\n\n` : super.encode(entry);
        }
      },
  ),
  serverMutant(
    "type-stays",
    { fault: "An event without a type gets that of the last one.", killedBy: "fidelity/type-does-not-stay" },
    (Base) =>
      class extends Base {
        #type: string | undefined;
        override accept(event: PublishedEvent): Entry {
          this.#type = event.event ?? this.#type;
          return super.accept({ ...event, event: this.#type });
        }
      },
  ),
  serverMutant(
    "no-blank-line-in-a-batch",
    { fault: "Events of one turn are joined by a single newline.", killedBy: "fidelity/data-does-not-stay" },
    (Base) => Batching(Base, (blocks) => `${blocks.map((block) => block.trimEnd()).join("\n")}\n\n`),
  ),
  serverMutant(
    "ids-cut-to-eight",
    { fault: "Ids are cut to the width of a column.", killedBy: "fidelity/id" },
    (Base) =>
      class extends Base {
        override idOf(event: PublishedEvent): string | undefined {
          return event.id === undefined ? super.idOf(event) : event.id.slice(0, 8);
        }
      },
  ),
  serverMutant(
    "ids-by-the-second",
    { fault: "The id is the time in seconds.", killedBy: "fidelity/ids-are-unique" },
    (Base) =>
      class extends Base {
        override idOf(event: PublishedEvent): string | undefined {
          return event.id ?? String(Math.floor(Date.now() / 1_000));
        }
      },
  ),
  serverMutant(
    "drops-retry",
    { fault: "A published reconnection time is dropped.", killedBy: "fidelity/retry" },
    (Base) =>
      class extends Base {
        override accept(event: PublishedEvent): Entry {
          return super.accept({ ...event, retry: undefined });
        }
      },
  ),
];
