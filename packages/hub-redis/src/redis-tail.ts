import { setTimeout as sleep } from "node:timers/promises";
import type { Page, Position } from "@ssekit/hub";
import type { RedisAccess, Send } from "./redis-access.ts";
import type { OwnConnection } from "./redis-client.ts";
import { isTransient, redisError, unavailable } from "./redis-error.ts";
import { entriesAfter, type RawEntry, streamId } from "./stored-entry.ts";
import { within } from "./within.ts";

/** What a tail needs. */
export interface RedisTailInit {
  readonly access: RedisAccess;
  /** The key of the stream. */
  readonly key: string;
  /** Reads a page by a connection, which proves the position that it follows. */
  readonly readPage: (send: Send, after: Position, maxBytes: number) => Promise<Page>;
  /** Milliseconds for which the store may be away. */
  readonly maxOutage: number;
  /** Ends it, without an error. */
  readonly signal: AbortSignal;
}

/** A tail gives pages of about this size, so that one batch can't hold much of the log. */
const TAIL_PAGE_BYTES = 256 * 1024;
/** Entries of one reply, whatever their size turns out to be. */
const MAX_COUNT = 64;
/** Milliseconds after which a store without news is asked anew; each time the position proves itself again. */
const MAX_BLOCK = 5_000;
const FIRST_DELAY = 50;
const MAX_DELAY = 1_000;

/**
 * Follows the log by a blocking `XREAD` on a connection of its own. After a connection was lost, and whenever what comes
 * does not follow the position, the store proves the position before anything else is read: it may have been restarted,
 * restored, flushed or replaced (HUB A3).
 */
export async function* redisTail(after: Position, init: RedisTailInit): AsyncGenerator<Page> {
  const { access, signal, maxOutage } = init;
  let position = after;
  let heard = performance.now();
  let delay = FIRST_DELAY;
  while (!signal.aborted) {
    let connection: OwnConnection | undefined;
    try {
      const { send } = await access.dial((own) => {
        connection = own;
      }, signal);
      for await (const page of follow(position, send, init)) {
        delay = FIRST_DELAY;
        if (page !== undefined) {
          position = page.next;
          yield page;
        }
        // Now, for what its reader took its time for is no outage.
        heard = performance.now();
      }
    } catch (error) {
      if (signal.aborted) return;
      if (!isTransient(error)) throw redisError("follow", error);
      const away = Math.round(performance.now() - heard);
      if (away > maxOutage) throw unavailable("follow", `the store has been away for ${away} ms`, error);
    } finally {
      connection?.close();
    }
    // Jittered, for all nodes lose the store at once.
    await sleep(delay * (0.5 + Math.random()), undefined, { signal }).catch(() => {});
    delay = Math.min(delay * 2, MAX_DELAY);
  }
}

/** What one connection brings; `undefined` for a sign of life without news. It ends by rejecting, and in no other way. */
async function* follow(after: Position, send: Send, init: RedisTailInit): AsyncGenerator<Page | undefined> {
  const { access, key, readPage, signal } = init;
  const block = Math.min(access.timeout, MAX_BLOCK);
  let position = after;
  let proved = false;
  let count = 1;
  while (true) {
    if (!proved) {
      const page = await within(readPage(send, position, TAIL_PAGE_BYTES), { ms: access.timeout, late, signal });
      proved = page.next.cursor === position.cursor;
      position = page.next;
      yield proved ? undefined : page;
      continue;
    }
    const from = streamId(position.cursor) ?? "";
    const reply = send(["XREAD", "COUNT", String(count), "BLOCK", String(block), "STREAMS", key, from]);
    // A half-open connection would be silent for ever (HUB C4).
    const entries = entriesAfter(
      position,
      entriesOf(await within(reply, { ms: block + access.timeout, late, signal })),
    );
    const next = entries?.at(-1)?.position;
    if (entries === undefined || next === undefined) {
      proved = false;
      continue;
    }
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, 1);
    count = Math.min(MAX_COUNT, count * 2, Math.ceil((TAIL_PAGE_BYTES * entries.length) / bytes));
    const page = { after: position, entries, next };
    position = next;
    yield page;
  }
}

/** The entries in a reply to `XREAD` on one stream, in whichever shape the protocol and the client give it. */
function entriesOf(reply: unknown): readonly RawEntry[] {
  if (reply === null || reply === undefined) return [];
  if (reply instanceof Map) return reply.values().next().value as readonly RawEntry[];
  if (!Array.isArray(reply)) return Object.values(reply)[0] as readonly RawEntry[];
  return (Array.isArray(reply[0]) ? reply[0][1] : reply[1]) as readonly RawEntry[];
}

function late(): Error {
  return new Error("the store did not answer in time");
}
