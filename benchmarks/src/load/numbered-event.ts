/**
 * What the tool publishes: events whose data begins with the run, the publisher and a number, so that a reader knows
 * from the text alone when the event was due.
 */
export interface NumberedEvent {
  readonly publisher: number;
  readonly number: number;
}

/** The data of one event: its mark, and as much padding as makes it `size` bytes long. */
export function numberedData(run: string, { publisher, number }: NumberedEvent, size: number): string {
  return `${markOf(run)}${publisher}:${number}:`.padEnd(size, "x");
}

/**
 * Reads it from an event's data, wherever it stands there, for a server may wrap what it was given; `undefined` for an
 * event of another run or of the server's own.
 */
export function parseNumberedData(run: string, data: string): NumberedEvent | undefined {
  const mark = markOf(run);
  const at = data.indexOf(mark);
  if (at === -1) return undefined;
  const [publisher, number, rest] = data.slice(at + mark.length, at + mark.length + 32).split(":", 3);
  if (rest === undefined) return undefined;
  return { publisher: Number(publisher), number: Number(number) };
}

function markOf(run: string): string {
  return `ssekit-load:${run}:`;
}
