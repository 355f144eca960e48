import { entrySize, formatCursor, type LogEntry, type NewEntry, type Position, parseCursor } from "@ssekit/hub";

/** An entry as the store gives it: its id, and its fields and their values by turns. */
export type RawEntry = readonly [id: string, fields: readonly string[]];

type Body = Pick<NewEntry, "private" | "key" | "event">;

/** The six values by which a script appends an entry. */
export function storedValues(entry: NewEntry, madeId: string): string[] {
  const { id, topics, private: isPrivate, key, end, event, bytes } = entry;
  return [
    id === undefined ? `made ${madeId}` : storedId(id),
    String(entrySize(entry)),
    String(bytes),
    end ? "1" : "0",
    topics.map(storedTopic).join("\n"),
    JSON.stringify({ private: isPrivate, key, event } satisfies Body),
  ];
}

/** A publisher's id, as the store knows it. */
export function storedId(id: string): string {
  return `given ${JSON.stringify(id)}`;
}

/** A topic as the store knows it: on one line, and valid Unicode whatever it holds. */
export function storedTopic(topic: string): string {
  return JSON.stringify(topic);
}

/** The place of an entry in the stream. */
export function positionAt(epoch: string, at: string): Position {
  const [tag = 0, n = 0] = at.split("-").map(Number);
  return { n, cursor: formatCursor({ epoch, n, tag }) };
}

/** The id in the stream of the place that a cursor names; `undefined` when it names none. */
export function streamId(cursor: string): string | undefined {
  const parts = parseCursor(cursor);
  return parts && `${parts.tag}-${parts.n}`;
}

/** Reads an entry. */
export function readEntry([at, fields]: RawEntry, epoch: string): LogEntry {
  const [, head = "", , id = "", , topics = "", , body = ""] = fields;
  const [, , , , bytes, end] = head.split(" ");
  const { private: isPrivate, key, event } = JSON.parse(body) as Body;
  return {
    topics: topics.split("\n").map((topic) => JSON.parse(topic) as string),
    id: id.startsWith("given ") ? (JSON.parse(id.slice("given ".length)) as string) : undefined,
    private: isPrivate,
    key,
    end: end === "1",
    event,
    bytes: Number(bytes),
    position: positionAt(epoch, at),
  };
}

/**
 * Entries that follow a position without a hole; `undefined` when they don't. Each names the tag of the one before it, so
 * what follows proves the position as well as asking for it would.
 */
export function entriesAfter(position: Position, raw: readonly RawEntry[]): LogEntry[] | undefined {
  let before = parseCursor(position.cursor);
  const entries: LogEntry[] = [];
  for (const one of raw) {
    const [epoch, tag] = (one[1][1] ?? "").split(" ");
    const at = parseCursor(positionAt(epoch ?? "", one[0]).cursor);
    if (before === undefined || at === undefined || epoch !== before.epoch) return undefined;
    if (at.n !== before.n + 1 || Number(tag) !== before.tag) return undefined;
    entries.push(readEntry(one, at.epoch));
    before = at;
  }
  return entries;
}
