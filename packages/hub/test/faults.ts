// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what is found and replaced is source text

/** A fault that is planted in a copy of the hub's source. */
export interface Fault {
  readonly name: string;
  /** Where it is explained. */
  readonly rule: string;
  readonly file: string;
  /** Stands in the file once. */
  readonly find: string;
  readonly replace: string;
}

export const faults: readonly Fault[] = [
  {
    name: "no cursor event at the start",
    rule: "HUB A1",
    file: "subscriber.ts",
    find: "if (gap === undefined) connection.write(this.#encodeCursor(position), position.cursor);\n    else ",
    replace: "if (gap !== undefined) ",
  },
  {
    name: "a cursor event without its data line",
    rule: "HUB A1",
    file: "hub-events.ts",
    find: "encodeEvent(cursorEvent(position))",
    replace: "encodeEvent({ id: position.cursor })",
  },
  {
    name: "a cursor judged by the node's own tail",
    rule: "HUB A2",
    file: "subscriber.ts",
    find: "ask: () => this.#init.log.resolve(requested),",
    replace: `ask: async () => {
        const judged = await this.#init.log.resolve(requested);
        const { tail } = this.#init.delivery;
        return judged.position.n > tail.n ? { position: tail, gap: "ahead" as const, n: undefined } : judged;
      },`,
  },
  {
    name: "a cursor honoured by epoch and position alone",
    rule: "HUB A3",
    file: "cursor.ts",
    find: 'if (parts.tag !== tag) return goOnAtHead("rolled-back", facts);',
    replace: "void tag;",
  },
  {
    name: "an entry of two topics goes out twice",
    rule: "HUB A4",
    file: "delivery.ts",
    find: "if (connection.seen === entry || (",
    replace: "if ((",
  },
  {
    name: "live readers grouped by topic, not by grant",
    rule: "HUB A9",
    file: "delivery.ts",
    find: " || (entry.private && !connection.filter.private)) return;",
    replace: ") return;",
  },
  {
    name: "a gap event without an id",
    rule: "HUB B1",
    file: "hub-events.ts",
    find: "encodeEvent({ event: `${RESERVED_TYPE_PREFIX}gap`, data, id: position.cursor })",
    replace: "encodeEvent({ event: `${RESERVED_TYPE_PREFIX}gap`, data })",
  },
  {
    name: "every expired cursor is a gap: no trim marks",
    rule: "HUB B2",
    file: "subscriber.ts",
    find: "isLoss: ({ n }) => this.#init.log.trimmedAfter(filter.losable, n ?? 0),",
    replace: "isLoss: async () => true,",
  },
  {
    name: "a reader that blocks stands at the tail",
    rule: "HUB B3",
    file: "delivery.ts",
    find: "connection.cursor = write.before;",
    replace: "connection.cursor = this.tail;",
  },
  {
    name: "live after a read, whatever the tail brought meanwhile",
    rule: "RULES B27",
    file: "catch-up.ts",
    find: "    connection.doubted = false;\n",
    replace:
      "    connection.doubted = false;\n    if (scan.entries.length === 0) return goLive(connection, source.tail);\n",
  },
  {
    name: "a publisher's id that does not reach the log",
    rule: "HUB A6",
    file: "published-event.ts",
    find: "id: id as string | undefined, bytes",
    replace: "id: undefined, bytes",
  },
  {
    name: "a newcomer stays at a node that no longer hears the log",
    rule: "RULES B39",
    file: "delivery.ts",
    find: "if (!this.#follower.hears) {",
    replace: "if (!this.#follower) {",
  },
  {
    name: "a reader asks again while the store has nothing for it",
    rule: "HUB C3",
    file: "catch-up.ts",
    find: "if (scan.next.cursor === cursor.cursor && cursor.cursor !== tail.cursor) return source.wait(connection);",
    replace: "void tail;",
  },
  {
    name: "the window is searched by number, whatever the history",
    rule: "HUB A3",
    file: "window.ts",
    find: "this.#entries[from]?.before.cursor !== position.cursor",
    replace: "this.#entries[from] === undefined",
  },
];
