import type { HubClock } from "./clock.ts";
import type { Connection } from "./connection.ts";

/** Waves in which connections are closed, over the first half of the deadline: the other half is for bytes that wait. */
const WAVES = 10;
/** Connections that a wave has at least: so few are no load to whom they come back to. */
const LEAST_WAVE = 100;

/** What a drain needs. */
export interface Drain {
  /** Milliseconds until it is over, whoever still reads. */
  readonly deadline: number;
  readonly clock: HubClock;
  readonly close: (connection: Connection) => void;
}

/**
 * Closes connections in waves, so that their readers don't all come back to another node at once (RULES B43). Fulfils
 * when all responses have ended, or at the deadline.
 */
export async function drainConnections(connections: readonly Connection[], drain: Drain): Promise<void> {
  const { deadline, clock, close } = drain;
  const over = timerOf(clock, deadline);
  const wave = Math.max(LEAST_WAVE, Math.ceil(connections.length / WAVES));
  for (let first = 0; first < connections.length; first += wave) {
    if (first > 0) await timerOf(clock, deadline / 2 / WAVES).rings;
    for (const connection of connections.slice(first, first + wave)) close(connection);
  }
  await Promise.race([over.rings, Promise.all(connections.map(({ ended }) => ended))]);
  over.stop();
}

function timerOf(clock: HubClock, ms: number): { readonly rings: Promise<void>; readonly stop: () => void } {
  let stop = (): void => {};
  const rings = new Promise<void>((resolve) => {
    stop = clock.every(ms, () => {
      stop();
      resolve();
    });
  });
  return { rings, stop };
}
