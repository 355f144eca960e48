import type { DispatchedEvent } from "@ssekit/codec";
import { type Attachment, AttachmentError } from "../attachment.ts";
import { CaseFailure } from "../case.ts";
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
  const createParser = await importExport(specifier);
  if (typeof createParser !== "function") {
    throw new AttachmentError(
      `Cannot attach the parser ${specifier}: the export is no function; export (onEvent) => ({ push(bytes), end() })`,
    );
  }
  return attachParser(createParser as ParserFactory, { name: specifier });
}

async function importExport(specifier: string): Promise<unknown> {
  const [path = "", name = "default"] = specifier.split("#");
  const { pathToFileURL } = await import("node:url");
  const { existsSync } = await import("node:fs");
  let exported: Record<string, unknown>;
  try {
    exported = await import(existsSync(path) ? pathToFileURL(path).href : path);
  } catch (error) {
    throw new AttachmentError(`Cannot attach the parser ${specifier}: importing it failed: ${error}`);
  }
  if (!(name in exported)) {
    const names = Object.keys(exported).join(", ") || "nothing";
    throw new AttachmentError(`Cannot attach the parser ${specifier}: the module exports ${names}; name one behind #`);
  }
  return exported[name];
}
