import type { DispatchedEvent } from "@ssekit/codec";
import { type Attachment, AttachmentError } from "../attachment.ts";
import { CaseFailure } from "../case.ts";
import { importExport } from "../import-export.ts";
import { type ParserStep, type ParserSubject, RECONNECTION_TIME } from "./parser-subject.ts";

/** What a JavaScript module exports to have its parser tested: begins a stream. */
export type ParserFactory = (onEvent: (event: DispatchedEvent) => void) => PushParser;

/** A parser that bytes are pushed into. */
export interface PushParser {
  /** The next bytes of the stream. */
  push(chunk: Uint8Array): void | Promise<void>;
  /** The stream has ended. */
  end(): void | Promise<void>;
  /** The reconnection time that the stream has set, in milliseconds; `undefined` before, absent if it isn't told. */
  readonly reconnectionTime?: number | undefined;
}

/**
 * Attaches a parser that is a function.
 *
 * @param createParser called for each stream.
 */
export function attachParser(
  createParser: ParserFactory,
  { name = "parser", version }: { readonly name?: string; readonly version?: string } = {},
): Attachment<ParserSubject> {
  return {
    name,
    version,
    capabilities: new Set("reconnectionTime" in createParser(() => {}) ? [RECONNECTION_TIME] : []),
    open: async () => ({ parse: (chunks) => parseInProcess(createParser, chunks) }),
    close: async () => {},
  };
}

async function parseInProcess(createParser: ParserFactory, chunks: readonly Uint8Array[]): Promise<ParserStep[]> {
  let events: DispatchedEvent[] = [];
  const parser = createParser(({ type, data, lastEventId }) => events.push({ type, data, lastEventId }));
  const steps: ParserStep[] = [];
  for (const chunk of [...chunks, undefined]) {
    events = [];
    try {
      // A copy: a parser that writes into a chunk, or keeps it, meets what it did itself.
      await (chunk === undefined ? parser.end() : parser.push(chunk.slice()));
    } catch (error) {
      throw new CaseFailure("The parser threw", {
        expected: "a parser that takes any bytes",
        actual: `${chunk === undefined ? "end()" : `push() of chunk ${steps.length + 1}`} threw ${error}`,
      });
    }
    steps.push({ events, reconnectionTime: parser.reconnectionTime });
  }
  return steps;
}

/**
 * Attaches what a module exports, as the command line names it.
 *
 * @param specifier `file#export`, or `file` for its default export; a package's name will do for a file.
 */
export async function attachParserModule(specifier: string): Promise<Attachment<ParserSubject>> {
  const createParser = await importExport(specifier, "parser");
  const fault = shapeFault(createParser);
  if (fault === undefined) return attachParser(createParser as ParserFactory, { name: specifier });
  throw new AttachmentError(
    `Cannot attach the parser ${specifier}: ${fault}; export (onEvent) => ({ push(bytes), end() }), as the README shows`,
  );
}

/** What an export lacks to be a parser, if anything. */
function shapeFault(createParser: unknown): string | undefined {
  if (typeof createParser !== "function") return `the export is ${typeof createParser}, and no function`;
  try {
    const parser = createParser(() => {}) as Partial<PushParser> | undefined;
    if (typeof parser?.push !== "function") return "what it gives has no push()";
    if (typeof parser.end !== "function") return "what it gives has no end()";
    return undefined;
  } catch (error) {
    return `it threw when it was called (${firstLine(error)})`;
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}
