import { type EventLog, type Page, type Position, parseCursor, type Resolution } from "@ssekit/hub";

/** A fault that a verdict must find: a node that judges cursors by its own tail, or a tail that goes on by number alone. */
export type Plant = "local head" | "unproved tail";

/** The log with a fault, or as it is. */
export function plantedLog(log: EventLog, plant: Plant | undefined): EventLog {
  if (plant === "local head") return withLocalHead(log);
  if (plant === "unproved tail") return withUnprovedTail(log);
  return log;
}

/** HUB A2: a reader that comes from a node that is ahead is taken for one from the future. */
function withLocalHead(log: EventLog): EventLog {
  const { tail, resolve } = { tail: log.tail.bind(log), resolve: log.resolve.bind(log) };
  let local: Position | undefined;
  log.tail = async function* (after, signal): AsyncGenerator<Page> {
    local = after;
    for await (const page of tail(after, signal)) {
      local = page.next;
      yield page;
    }
  };
  log.resolve = async (cursor): Promise<Resolution> => {
    if (local === undefined || (parseCursor(cursor)?.n ?? 0) <= local.n) return resolve(cursor);
    return { position: local, gap: "ahead", n: undefined };
  };
  return log;
}

/** HUB A3: what the store gave out again, after it went back, is taken for what was there before. */
function withUnprovedTail(log: EventLog): EventLog {
  const tail = log.tail.bind(log);
  log.tail = async function* (after, signal): AsyncGenerator<Page> {
    let position = after;
    for await (const page of tail(after, signal)) {
      const entries = page.entries.filter((entry) => entry.position.n > position.n);
      const next = entries.at(-1)?.position;
      if (next === undefined) continue;
      yield { after: position, entries, next };
      position = next;
    }
  };
  return log;
}
