import type { ReceivedEvent, StreamReader } from "../http/stream-reader.ts";
import { arrivals } from "./server-case.ts";
import type { ServerSubject } from "./server-subject.ts";

/** Why a case on resuming has nothing to ask. */
export const NO_RESUME = "the server does not resume: see server/resume/offered";

/** A place where a connection may have been cut. */
export interface Cut {
  /** What the reader comes back with. */
  readonly cursor: string;
  /** How many of the events it had got. */
  readonly after: number;
  /** Data of the events that it had not. */
  readonly rest: readonly string[];
}

const EVENTS = 8;

/** Publishes some events, and finds out by the first whether the server sends the others again. */
export async function recordHistory(subject: ServerSubject): Promise<History> {
  const reader = await subject.listen();
  const data = Array.from({ length: EVENTS }, () => subject.token());
  const start = reader.pieces.length;
  const before = reader.lastEventId;
  for (const [n, one] of data.entries()) {
    await subject.publish({
      data: one,
      ...(n % 2 === 1 && subject.can("event") && { event: "suite" }),
      // Names that don't sort as they were published: a server that compares them as text shows it.
      ...(subject.can("id") && { id: `${one}-${EVENTS + 2 - n}` }),
    });
  }
  await arrivals(reader, { of: data, within: subject.durations.within });
  const history = new History(subject, reader, { data, start, before });
  if (history.hasIds) await history.tryFirst();
  return history;
}

/** Events that were published and read, and the ways to come back into the middle of them. */
export class History {
  readonly data: readonly string[];
  /** The same as they arrived. */
  readonly events: readonly ReceivedEvent[];
  readonly hasIds: boolean;
  /** Whether any event that was missed is sent again. */
  resumes = false;
  /** The cursor of a reader that has got all of them. */
  readonly lastCursor: string;
  readonly #subject: ServerSubject;
  readonly #before: string;
  readonly #all: readonly ReceivedEvent[];

  constructor(
    subject: ServerSubject,
    reader: StreamReader,
    { data, start, before }: { data: readonly string[]; start: number; before: string },
  ) {
    this.#subject = subject;
    this.data = data;
    this.#before = before;
    this.#all = reader.events;
    this.events = reader.events.filter((event) => data.includes(event.data));
    this.hasIds = /^id(?::|$)/m.test(Buffer.concat(reader.pieces.slice(start)).toString());
    this.lastCursor = reader.lastEventId;
    reader.leave();
  }

  /** Comes back after the first event, to see whether anything is sent again. */
  async tryFirst(): Promise<void> {
    const reader = await this.#subject.open({ lastEventId: this.cursor(0) });
    const isMissed = (): boolean => reader.events.some(({ data }) => this.data.slice(1).includes(data));
    await reader.until(isMissed, this.#subject.durations.quiet);
    // Something newer is published only if need be: a server may have trouble with the newest.
    if (!isMissed()) await this.caughtUp(reader);
    this.resumes = isMissed();
  }

  /** What a reader comes back with after this event. */
  cursor(index: number): string {
    return this.events[index]?.lastEventId ?? "";
  }

  /** All cursors that a reader can have had, with what it had got and not. */
  cuts(): Cut[] {
    const cuts = new Map<string, Cut>();
    const first = this.#all.findIndex(({ data }) => data === this.data[0]);
    let after = 0;
    const add = (cursor: string): void => {
      // Where an event has no id the cursor stays, and a reader that comes back gets it again.
      if (cursor !== "" && !cuts.has(cursor)) cuts.set(cursor, { cursor, after, rest: this.data.slice(after) });
    };
    add(this.#before);
    for (const event of this.#all.slice(first)) {
      if (this.data.includes(event.data)) after++;
      add(event.lastEventId);
    }
    return [...cuts.values()];
  }

  /** Comes back, and waits until what was missed has come. */
  async resume(cursor: string): Promise<StreamReader> {
    const reader = await this.#subject.open({ lastEventId: cursor });
    await this.caughtUp(reader);
    return reader;
  }

  /** Comes back, and waits for these alone: nothing newer is published than what was missed. */
  async resumeFor(cursor: string, rest: readonly string[]): Promise<StreamReader> {
    const reader = await this.#subject.open({ lastEventId: cursor });
    await arrivals(reader, { of: rest, within: this.#subject.durations.within });
    return reader;
  }

  /** Waits for all, and for an event that is published then: what is not there by then won't come. */
  async caughtUp(reader: StreamReader): Promise<void> {
    const { quiet } = this.#subject.durations;
    await this.#subject.arrival(reader, this.data.at(-1) ?? "", quiet);
    const data = this.#subject.token();
    await this.#subject.publish({ data });
    await this.#subject.arrival(reader, data);
  }
}
