import type { ServerSubject } from "../../src/server/server-subject.ts";
import type { Mutant } from "../mutant.ts";
import type { Exchange, ReceivedRequest } from "./exchange.ts";
import type { Entry } from "./reference-server.ts";
import { serverMutant } from "./server-mutant.ts";

/** Faults of history, cursors and the hand-over to live. */
export const resumeMutants: readonly Mutant<ServerSubject>[] = [
  serverMutant(
    "no-history",
    { fault: "Last-Event-ID is ignored.", killedBy: "resume/offered" },
    (Base) =>
      class extends Base {
        override replay(): void {}
      },
  ),
  serverMutant(
    "misses-the-first",
    { fault: "The history begins one event too late.", killedBy: "resume/nothing-lost" },
    (Base) =>
      class extends Base {
        override missedAfter(cursor: string): Entry[] | undefined {
          return super.missedAfter(cursor)?.slice(1);
        }
      },
  ),
  serverMutant(
    "misses-the-last",
    { fault: "The newest event is not in the history yet.", killedBy: "resume/nothing-lost" },
    (Base) =>
      class extends Base {
        override missedAfter(cursor: string): Entry[] | undefined {
          return super.missedAfter(cursor)?.slice(0, -1);
        }
      },
  ),
  serverMutant(
    "repeats-the-cursor",
    { fault: "The history is read with >= instead of >.", killedBy: "resume/nothing-repeated" },
    (Base) =>
      class extends Base {
        override missedAfter(cursor: string): Entry[] | undefined {
          const at = this.history.findIndex(({ id }) => id === cursor);
          return at < 0 ? undefined : this.history.slice(at);
        }
      },
  ),
  serverMutant(
    "replays-all",
    { fault: "Every reader that comes back gets the whole history.", killedBy: "resume/up-to-date" },
    (Base) =>
      class extends Base {
        override missedAfter(): Entry[] | undefined {
          return [...this.history];
        }
      },
  ),
  serverMutant(
    "compares-ids-as-text",
    { fault: "Ids that are numbers are compared as text.", killedBy: "resume/nothing-lost" },
    (Base) =>
      class extends Base {
        override idOf(): string {
          return String(this.history.length + 5);
        }
        override missedAfter(cursor: string): Entry[] | undefined {
          return this.history.filter(({ id }) => String(id) > cursor);
        }
      },
  ),
  serverMutant(
    "history-from-new-to-old",
    { fault: "The history is sent from new to old.", killedBy: "resume/in-order" },
    (Base) =>
      class extends Base {
        override missedAfter(cursor: string): Entry[] | undefined {
          return super.missedAfter(cursor)?.reverse();
        }
      },
  ),
  serverMutant(
    "history-without-types",
    { fault: "Types are not kept with the history.", killedBy: "resume/ids-and-types" },
    (Base) =>
      class extends Base {
        override missedAfter(cursor: string): Entry[] | undefined {
          return super.missedAfter(cursor)?.map((entry) => ({ ...entry, event: undefined }));
        }
      },
  ),
  serverMutant(
    "history-without-ids",
    { fault: "What is sent again has no ids, so that a second break loses the place.", killedBy: "resume/twice" },
    (Base) =>
      class extends Base {
        override missedAfter(cursor: string): Entry[] | undefined {
          return super.missedAfter(cursor)?.map((entry) => ({ ...entry, id: undefined }));
        }
      },
  ),
  serverMutant(
    "does-not-go-live",
    { fault: "A reader that got the history is not subscribed.", killedBy: "resume/goes-live" },
    (Base) =>
      class extends Base {
        override replay(exchange: Exchange): void {
          super.replay(exchange);
          const cursor = this.cursorOf(exchange.request);
          if (cursor === undefined || this.missedAfter(cursor) === undefined) return;
          this.leave(exchange);
        }
      },
  ),
  serverMutant(
    "one-place-for-all",
    { fault: "All readers share one place in the history.", killedBy: "resume/each-reader-its-own" },
    (Base) =>
      class extends Base {
        readonly #taken = new Set<Entry>();
        override missedAfter(cursor: string): Entry[] | undefined {
          const missed = super.missedAfter(cursor)?.filter((entry) => !this.#taken.has(entry));
          for (const entry of missed ?? []) this.#taken.add(entry);
          return missed;
        }
      },
  ),
  serverMutant(
    "cursor-as-latin-1",
    { fault: "Last-Event-ID is taken for Latin-1.", killedBy: "resume/id-beyond-ascii" },
    (Base) =>
      class extends Base {
        override cursorOf({ headers }: ReceivedRequest): string | undefined {
          return headers.get("last-event-id");
        }
      },
  ),
  serverMutant(
    "loses-at-the-hand-over",
    { fault: "What is published between the history and the subscription is lost.", killedBy: "resume/handover" },
    (Base) =>
      class extends Base {
        override openStream(exchange: Exchange): void {
          exchange.onClose(() => this.leave(exchange));
          this.begin(exchange);
          this.replay(exchange);
          setImmediate(() => setImmediate(() => this.register(exchange)));
        }
      },
  ),
  serverMutant(
    "repeats-at-the-hand-over",
    { fault: "What is published between the subscription and the history arrives twice.", killedBy: "resume/handover" },
    (Base) =>
      class extends Base {
        override replay(exchange: Exchange): void {
          setImmediate(() => setImmediate(() => super.replay(exchange)));
        }
      },
  ),
  serverMutant(
    "ignores-the-query",
    { fault: "A cursor in the query is ignored.", killedBy: "resume/query" },
    (Base) =>
      class extends Base {
        override cursorOf({ headers, url }: ReceivedRequest): string | undefined {
          return super.cursorOf({ headers, url: new URL(url.origin) } as ReceivedRequest);
        }
      },
  ),
  serverMutant(
    "query-first",
    { fault: "The cursor of the query beats Last-Event-ID.", killedBy: "resume/header-beats-query" },
    (Base) =>
      class extends Base {
        override cursorOf(request: ReceivedRequest): string | undefined {
          return request.url.searchParams.get("lastEventId") ?? super.cursorOf(request);
        }
      },
  ),
  serverMutant(
    "500-for-odd-cursors",
    { fault: "A cursor that the database can't read is answered with 500.", killedBy: "cursor/odd-ones-are-answered" },
    (Base) =>
      class extends Base {
        override openStream(exchange: Exchange): void {
          if (/'|\$|__/.test(this.cursorOf(exchange.request) ?? "")) exchange.refuse(500, []);
          else super.openStream(exchange);
        }
      },
  ),
  serverMutant(
    "waits-for-unknown-cursors",
    {
      fault: "A cursor that is ahead of the history keeps the reader waiting for ever.",
      killedBy: "cursor/unknown-goes-live",
    },
    (Base) =>
      class extends Base {
        override replay(exchange: Exchange): void {
          super.replay(exchange);
          const cursor = this.cursorOf(exchange.request);
          if (cursor !== undefined && this.missedAfter(cursor) === undefined) this.leave(exchange);
        }
      },
  ),
  serverMutant(
    "silent-about-unknown-cursors",
    { fault: "An unknown cursor is taken for none.", killedBy: "cursor/unknown" },
    (Base) =>
      class extends Base {
        override gap(): string {
          return "";
        }
      },
  ),
  serverMutant(
    "pages-of-a-hundred",
    { fault: "Of a long history only the first page is sent.", killedBy: "cursor/ancient-in-order" },
    (Base) =>
      class extends Base {
        override missedAfter(cursor: string): Entry[] | undefined {
          return super.missedAfter(cursor)?.slice(0, 100);
        }
      },
  ),
  serverMutant(
    "forgets-in-silence",
    {
      fault: "Only the newest hundred events are kept, and the loss of the others is not told.",
      killedBy: "cursor/ancient",
    },
    (Base) =>
      class extends Base {
        override missedAfter(cursor: string): Entry[] | undefined {
          return super.missedAfter(cursor)?.slice(-100);
        }
      },
  ),
];
