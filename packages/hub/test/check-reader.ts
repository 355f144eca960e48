import type { NewEntry } from "../src/event-log.ts";
import { withoutMark } from "../src/marked-cursor.ts";
import { userTopic } from "../src/target.ts";
import type { Grant } from "./actions.ts";
import { type Place, placesBetween } from "./history.ts";
import { Violation } from "./violation.ts";
import type { Got, Reader, World } from "./world.ts";

/**
 * What a gap was told for. `loss`: something that the reader was owed is gone. All others are false, and allowed:
 * `skipped`: its policy did, and said so; `may have matched`: what is gone was of its topics, but private or without data, or a pattern of its might match;
 * `own id`: it came with its publisher's id of an entry that the log no longer has; `forgotten`: the trim mark of its topic was; `after a rollback`: the store had lost history.
 */
export type GapCause = "loss" | "skipped" | "may have matched" | "own id" | "forgotten" | "after a rollback";

/**
 * Walks what a reader got beside what the log held: nothing repeated or out of order, nothing left out without a gap,
 * no gap without a cause. Throws what is wrong.
 */
export function checkReader(reader: Reader, world: World): Checked {
  const walk = new Walk(reader, world);
  for (const event of reader.events) walk.take(event);
  walk.end();
  return walk;
}

/** What there was to count. */
export interface Checked {
  /** Of its gaps. */
  readonly causes: readonly GapCause[];
  /**
   * How often it came from a history that the store had lost, where retention had removed what would have told: the
   * entry that the cursor stands for; or to a place that the store lost too, of which it is told next.
   */
  readonly unprovable: number;
}

interface Told {
  readonly reason: string;
  readonly cursor: string;
  readonly range?: { readonly first: number; readonly last: number };
}

class Walk implements Checked {
  readonly causes: GapCause[] = [];
  unprovable = 0;
  readonly #reader: Reader;
  readonly #world: World;
  readonly #seen = new Set<string>();
  #at: Place | undefined;
  #trimmed = 0;

  constructor(reader: Reader, world: World) {
    this.#reader = reader;
    this.#world = world;
  }

  take({ type, data, lastEventId, trimmed }: Got): void {
    this.#trimmed = trimmed;
    if (type === "ssekit.gap" && JSON.parse(data).cursor !== lastEventId) {
      throw new Violation("a gap's id is where delivery goes on", `The gap ${data} has the id ${lastEventId}`);
    }
    const place = this.#world.history.at(withoutMark(lastEventId));
    if (type === "ssekit.cursor") this.#takeCursor(place);
    else if (type === "ssekit.gap") this.#takeGap(place, JSON.parse(data));
    else this.#takeMessage(place, data);
    this.#at = place;
  }

  /** It was left with nothing owed. */
  end(): void {
    this.#trimmed = this.#world.history.trimmed;
    const at = this.#at ?? this.#reader.claim;
    if (at !== undefined) this.#expectNothingOwed(this.#path(at, this.#world.history.head, "the end"));
  }

  #takeCursor(place: Place): void {
    if (this.#at !== undefined) this.#expectNothingOwed(this.#path(this.#at, place, "the cursor"));
    else if (!this.#world.lostHistory) this.#path(this.#reader.asked, place, "the start");
  }

  #takeMessage(place: Place, data: string): void {
    const from = this.#at ?? this.#reader.claim;
    if (from === undefined)
      throw new Violation("nothing is lost without a gap", `${place.cursor} came to a reader that was told no place`);
    const path = this.#path(from, place, "the event");
    this.#expectNothingOwed(path.slice(0, -1));
    if (this.#seen.has(place.cursor) || path.length === 0)
      throw new Violation("nothing is repeated", `${place.cursor} was repeated`);
    if (!this.#mayGet(place))
      throw new Violation("only what matchers and grants select", `${place.cursor} is not for this reader`);
    if (place.entry?.event.data !== data)
      throw new Violation("no error of its own", `${place.cursor} has other data: ${data}`);
    this.#seen.add(place.cursor);
  }

  #takeGap(place: Place, told: Told): void {
    if (told.range !== undefined && told.range.last !== place.n)
      throw new Violation("a gap's id is where delivery goes on", "Its range ends elsewhere");
    const cause = this.#causeOf(place, told.reason);
    const path = this.#at && placesBetween(this.#at, place);
    if (cause === undefined) {
      throw new Violation(
        "no false gap",
        `${told.reason} from ${this.#at?.cursor} to ${place.cursor}, over ${path?.length}`,
      );
    }
    this.causes.push(cause);
  }

  #causeOf(place: Place, reason: string): GapCause | undefined {
    const { lostHistory, setting } = this.#world;
    const at = this.#at ?? this.#reader.claim;
    const path = at && placesBetween(at, place);
    if (reason === "skipped") {
      const isSkipped = path?.some((one) => this.#mayGet(one)) ?? lostHistory;
      return this.#reader.setting.whenBehind === "skip-to-latest" && isSkipped ? "skipped" : undefined;
    }
    if (path?.some((one) => this.#mayGet(one))) return "loss";
    if (lostHistory) return "after a rollback";
    if (reason === "unknown" && this.#world.ids === "publisher" && (at?.n ?? 0) <= this.#trimmed) return "own id";
    if (path === undefined || path.length === 0 || !["expired", "overrun"].includes(reason)) return undefined;
    if (path.some(({ entry }) => entry !== undefined && this.#mayMatch(entry))) return "may have matched";
    return setting.store !== "memory" && setting.maxMarks === 1 ? "forgotten" : undefined;
  }

  #path(from: Place, to: Place, what: string): Place[] {
    const path = placesBetween(from, to);
    if (path !== undefined) return path;
    const { lostHistory, history } = this.#world;
    const isLost = lostHistory && placesBetween(to, history.head) === undefined;
    if (!isLost && !(lostHistory && from.n < this.#trimmed)) {
      throw new Violation(
        "all comes in the order of one history",
        `${what} ${to.cursor} does not follow ${from.cursor}`,
      );
    }
    this.unprovable += 1;
    return [to];
  }

  /** What the store lost itself can't be told to those who had not read it. */
  #expectNothingOwed(path: readonly Place[]): void {
    const { lostHistory, history } = this.#world;
    const owed = path.find(
      (place) =>
        this.#owes(place) &&
        !this.#isSuperseded(place) &&
        !(lostHistory && placesBetween(place, history.head) === undefined),
    );
    if (owed !== undefined) throw new Violation("nothing is lost without a gap", `${owed.cursor} was lost`);
  }

  /** Whether a policy may leave it out for a later one of its key, which a store that loses entries may have lost since. */
  #isSuperseded(place: Place): boolean {
    const { history, lostHistory } = this.#world;
    const key = place.entry?.key;
    if (this.#reader.setting.whenBehind !== "latest-per-key" || key === undefined) return false;
    if (lostHistory) return true;
    return placesBetween(place, history.head)?.some((one) => one.entry?.key === key && this.#mayGet(one)) ?? false;
  }

  /** Whether it must get it, whenever its grants changed. */
  #owes(place: Place): boolean {
    return this.#grantsAt(place).every((grant) => this.#isFor(grant, place));
  }

  #mayGet(place: Place): boolean {
    return this.#grantsAt(place).some((grant) => this.#isFor(grant, place));
  }

  /** Until it came to rest, any that it ever had: a new one holds from where it stood when it was judged. */
  #grantsAt(place: Place): readonly Grant[] {
    const { settledAt, grant, grants } = this.#reader;
    return place.order >= settledAt ? [grant] : [...grants];
  }

  #isFor(grant: Grant, { entry }: Place): boolean {
    if (entry?.event.data === undefined || (entry.private && !grant.private)) return false;
    const { user } = this.#reader.setting;
    return entry.topics.some(
      (topic) =>
        (user !== undefined && topic === userTopic(user)) ||
        grant.matchers.some((matcher) => {
          if (typeof matcher === "string") return matcher === topic;
          return matcher.pattern === "*" ? !topic.startsWith("\0") : topic.startsWith("/c/");
        }),
    );
  }

  /** Whether a log that knows its topics only can't tell that an entry was not for the reader. */
  #mayMatch({ topics }: NewEntry): boolean {
    const { setting, grants } = this.#reader;
    const matchers = [...grants].flatMap((grant) => grant.matchers);
    if (matchers.some((matcher) => typeof matcher !== "string")) return true;
    const { user } = setting;
    return topics.some((topic) => matchers.includes(topic) || (user !== undefined && topic === userTopic(user)));
  }
}
