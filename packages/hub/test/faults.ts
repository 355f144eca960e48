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
    find: "ask: () => this.#init.log.resolve(place),",
    replace: `ask: async () => {
        const judged = await this.#init.log.resolve(place);
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
    find: "isLoss: () => this.#init.log.trimmedAfter(filter.losable, place),",
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
    find: "if (scan.next.cursor === cursor.cursor && cursor.cursor !== tail.cursor) return waitForMore(connection, source);",
    replace: "void tail;",
  },
  {
    name: "the window is searched by number, whatever the history",
    rule: "HUB A3",
    file: "window.ts",
    find: "this.#entries[from]?.before.cursor !== position.cursor",
    replace: "this.#entries[from] === undefined",
  },
  {
    name: "a cursor that does not say what its reader knows to be lost",
    rule: "HUB A3",
    file: "marked-cursor.ts",
    find: "cursor: `${cursor}~${digest(lost)}`",
    replace: "cursor",
  },
  {
    name: "who waits for a read is given what another asked for",
    rule: "HUB C3",
    file: "shared-pages.ts",
    find: "this.#requests.get(position.cursor) ?? new Request(position)",
    replace: "[...this.#requests.values()][0] ?? new Request(position)",
  },
  {
    name: "where delivery goes on after a loss is asked once",
    rule: "DESIGN.md 4.3",
    file: "judge-loss.ts",
    find: "if (isLoss) return { answer: again, isLoss: now !== undefined };",
    replace: "if (isLoss) return { answer, isLoss };",
  },
  {
    name: "an end that a reader catches up with does not end it",
    rule: "DESIGN.md 4.6",
    file: "connection.ts",
    find: "if (this.filter.isExact && this.#ended?.size === this.filter.topics.size)",
    replace: "if (this.cursor === undefined && this.filter.isExact && this.#ended?.size === this.filter.topics.size)",
  },
  {
    name: "new grants that the index of topics does not know",
    rule: "HUB B9",
    file: "delivery.ts",
    find: "if (isIn) this.#index.add(connection);",
    replace: "void isIn;",
  },
  {
    name: "grants that are not judged again when all nodes are asked to",
    rule: "RULES B42",
    file: "control.ts",
    find: "this.#init.onReauthorize(message.topics);",
    replace: "void message;",
  },
  {
    name: "the users of a killed node stay",
    rule: "RULES B41",
    file: "presence.ts",
    find: "if (expires <= now) this.#others.delete(node);",
    replace: "void [node, expires, now];",
  },
  {
    name: "one that could not come in is counted as there",
    rule: "RULES B39",
    file: "subscriber.ts",
    find: "    if (connection.closed) return;\n    if (options.user",
    replace: "    if (options.user",
  },
];
