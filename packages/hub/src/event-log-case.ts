import type { EventLog, LogEntry, NewEntry, Page, Position } from "./event-log.ts";

/** With what a case opens a log; a driver honours what is given, and takes its own defaults for the rest. */
export interface EventLogSettings {
  /** What the entries may take together, in bytes. */
  readonly maxBytes?: number;
  /** How long an entry is kept, in milliseconds. */
  readonly maxAge?: number;
  /** Gives the time, in milliseconds. */
  readonly clock?: () => number;
}

/** Opens an empty log; the case closes it. */
export type OpenEventLog = (settings: EventLogSettings) => EventLog | Promise<EventLog>;

/** One demand on a driver. */
export interface EventLogCase {
  /** What holds, as a sentence. */
  readonly name: string;
  /** Fulfils if it holds, and rejects with an `Error` that says what was seen instead. */
  readonly run: (open: OpenEventLog) => Promise<void>;
}

/** A case that closes the log it used. */
export function eventLogCase(name: string, use: (open: OpenEventLog) => Promise<EventLog>): EventLogCase {
  return { name, run: async (open) => (await use(open)).close() };
}

/** An entry to topic `a` with the data `x`, unless it is given otherwise. */
export function entryOf(given: { data?: string } & Partial<NewEntry>): NewEntry {
  const { data = "x", ...rest } = given;
  return {
    topics: ["a"],
    private: false,
    id: undefined,
    key: undefined,
    end: false,
    event: { data },
    bytes: 10,
    ...rest,
  };
}

/** Appends this many entries, and gives their cursors. */
export async function fill(log: EventLog, count: number): Promise<string[]> {
  const appended = await log.append(Array.from({ length: count }, () => entryOf({})));
  return appended.map(({ cursor }) => cursor);
}

export async function follow(
  log: EventLog,
  after: Position,
  signal: AbortSignal,
  onPage: (page: Page) => void | Promise<void>,
): Promise<void> {
  for await (const page of log.tail(after, signal)) await onPage(page);
}

export function withoutPosition({ position: _, ...entry }: LogEntry): NewEntry {
  return entry;
}

export function range(first: number, last: number): number[] {
  return Array.from({ length: last - first + 1 }, (_, index) => first + index);
}

export function equal(actual: unknown, expected: unknown): void {
  const [seen, wanted] = [textOf(actual), textOf(expected)];
  if (seen !== wanted) throw new Error(`Expected ${wanted}, got ${seen}`);
}

export function truly(holds: boolean, what: string): void {
  if (!holds) throw new Error(`Expected ${what}`);
}

/** JSON with the keys in order, where absent and `undefined` are the same. */
function textOf(value: unknown): string {
  const inOrder = (_: string, part: unknown): unknown =>
    part !== null && typeof part === "object" && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part;
  return JSON.stringify(value, inOrder) ?? "undefined";
}
