import type { EventLog, NewEntry } from "@ssekit/hub";

/** An entry with what the test cares about. */
export function newEntry(given: Partial<NewEntry> & { data?: string } = {}): NewEntry {
  const { data = "x", ...rest } = given;
  const bytes = data.length + 10;
  return { topics: ["a"], private: false, id: undefined, key: undefined, end: false, event: { data }, bytes, ...rest };
}

/** Appends an entry for each text, all at once, and gives their cursors. */
export async function append(log: EventLog, ...texts: string[]): Promise<string[]> {
  return (await log.append(texts.map((data) => newEntry({ data })))).map(({ cursor }) => cursor);
}

/** The data of all entries that the log keeps. */
export async function kept(log: EventLog): Promise<(string | undefined)[]> {
  const { entries } = await log.read(await log.floor(), Number.POSITIVE_INFINITY);
  return entries.map(({ event }) => event.data);
}
