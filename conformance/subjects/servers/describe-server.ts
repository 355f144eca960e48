import { describe, it } from "vitest";
import { bindCases } from "../../src/bind-cases.ts";
import { ALL_LEVELS } from "../../src/gating-levels.ts";
import { SERVER_CASES } from "../../src/server/server-cases.ts";
import type { Durations } from "../../src/server/server-subject.ts";
import { attachEach, type EachServer } from "./attach-each.ts";

/** Limit of a test, in milliseconds: above that of every case, which tells more. */
const TIMEOUT = 180_000;

const PATIENCE = process.env.CI === "true" ? 3 : 1;
const DURATIONS: Durations = { within: 8_000 * PATIENCE, prompt: 2_000 * PATIENCE, heartbeat: 20_000, quiet: 100 };

/** What differs from one server of ours to the next. */
export type OwnServer = Pick<EachServer, "create" | "tls" | "cursorQuery">;

/** Holds a server of ours to every case of every level, our own choices too, save for these, whose reason is said. */
export function describeServer(
  name: string,
  server: OwnServer,
  exceptions: Readonly<Record<string, string>> = {},
): void {
  describe(`${name} keeps every rule`, () => {
    const held = SERVER_CASES.filter(({ id }) => !(id in exceptions));
    const attachment = attachEach(name, { ...server, durations: DURATIONS });
    // What may take longest begins first.
    const inTurn = [...held].sort((one, other) => (other.deadline ?? 0) - (one.deadline ?? 0));
    for (const { id, run } of bindCases(inTurn, attachment, { levels: ALL_LEVELS })) {
      it.concurrent(id, run, TIMEOUT);
    }
  });
}
