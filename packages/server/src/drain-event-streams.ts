import { type Clock, systemClock } from "./clock.ts";
import { DEFAULT_DRAIN_DEADLINE } from "./defaults.ts";
import type { EventStream } from "./event-stream.ts";
import { wheelOf } from "./timer-wheel.ts";

/** Waves in which streams are closed, over the first half of the deadline: the other half is for bytes that wait. */
const WAVES = 10;
/** Streams that a wave has at least: so few are no load to whom they come back to. */
const LEAST_WAVE = 100;

/** Options of a drain. */
export interface DrainOptions {
  /** Milliseconds until it is over, whoever still reads. Default: {@linkcode DEFAULT_DRAIN_DEADLINE}. */
  deadline?: number;
  /** The time that it lives by. Default: the runtime's. */
  clock?: Clock;
}

/**
 * Closes streams with reason `drain`, each after a reconnection time of its own: up to a hundred at once, more in waves
 * over half of the deadline, so that their readers don't all come back to another server at once (RULES B43). Fulfils
 * when the last is closed. Streams that open meanwhile are not among them.
 *
 * @example
 * ```ts
 * import { drainEventStreams, type EventStream } from "@ssekit/server";
 *
 * const streams = new Set<EventStream>(); // add each stream, and delete it when `closed` fulfils
 * await drainEventStreams(streams);
 * ```
 */
export async function drainEventStreams(streams: Iterable<EventStream>, options: DrainOptions = {}): Promise<void> {
  const { deadline = DEFAULT_DRAIN_DEADLINE, clock = systemClock } = options;
  const open = [...streams];
  const wave = Math.max(LEAST_WAVE, Math.ceil(open.length / WAVES));
  for (let start = 0; start < open.length; start += wave) {
    if (start > 0) await new Promise<void>((resolve) => wheelOf(clock).add(deadline / 2 / WAVES, resolve));
    for (const stream of open.slice(start, start + wave)) stream.close("drain");
  }
}
