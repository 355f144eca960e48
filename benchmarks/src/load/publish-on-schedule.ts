import { setTimeout } from "node:timers/promises";
import type { Schedule } from "./load-reader.ts";
import { now } from "./now.ts";
import { type NumberedEvent, numberedData } from "./numbered-event.ts";

type Progress = { -readonly [Name in "failed" | "behind" | "late"]: number };

/** Publishes one event; fulfils when the server has accepted it. */
export type Publish = (data: string) => Promise<void>;

/** What is published, and how. */
export interface PublishPlan {
  readonly publish: Publish;
  readonly run: string;
  readonly schedule: Schedule;
  /** Bytes of an event's data. */
  readonly size: number;
  /** Ends the publishing before its time. */
  readonly signal: AbortSignal;
  /** How many events each publisher is to send. */
  readonly events: number;
  /** How long after the schedule's beginning the last may be sent, in milliseconds: what is not by then never is. */
  readonly patience: number;
  onFailure(error: unknown): void;
}

/** An event that is sent so many milliseconds after it was due is late: that is more than most servers take to deliver it. */
export const LATE = 50;

/** What became of the publishing. */
export interface Published {
  /** How many events each publisher has sent; those that were refused count too, for readers may have got them. */
  readonly counts: readonly number[];
  /** How many it did not get round to. */
  readonly unsent: number;
  readonly failed: number;
  /** How far behind its schedule the latest event was sent, in milliseconds: it is part of the latency that is told. */
  readonly behind: number;
  /** How many events were sent late, by {@linkcode LATE}. */
  readonly late: number;
}

/**
 * Publishes at the times of a schedule, each publisher one event after the other, so that their order is known. An event
 * that is sent late, since the one before was slow to be accepted, still counts from when it was due: no delay hides in
 * the publisher (no coordinated omission).
 */
export async function publishOnSchedule(plan: PublishPlan): Promise<Published> {
  const progress = { failed: 0, behind: 0, late: 0 };
  const publishers = Array.from({ length: plan.schedule.publishers }, (_, publisher) =>
    publishAll(plan, { publisher, progress }),
  );
  const counts = await Promise.all(publishers);
  const sent = counts.reduce((a, b) => a + b, 0);
  return { counts, unsent: plan.events * plan.schedule.publishers - sent, ...progress };
}

async function publishAll(
  { publish, run, schedule, size, signal, events, patience, onFailure }: PublishPlan,
  { publisher, progress }: { publisher: number; progress: Progress },
): Promise<number> {
  for (let number = 0; number < events; number += 1) {
    const event: NumberedEvent = { publisher, number };
    const due = schedule.startedAt + (number * schedule.publishers + publisher) * schedule.interval;
    const wait = due - now();
    if (wait > 0) await setTimeout(wait, undefined, { signal }).catch(() => {});
    if (signal.aborted || now() > schedule.startedAt + patience) return number;
    const behind = now() - due;
    progress.behind = Math.max(progress.behind, behind);
    if (behind > LATE) progress.late += 1;
    try {
      await publish(numberedData(run, event, size));
    } catch (error) {
      if (signal.aborted) return number;
      progress.failed += 1;
      onFailure(error);
    }
  }
  return events;
}
