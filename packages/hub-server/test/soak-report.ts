/** How long events were under way to readers that read, in milliseconds. */
export interface Latency {
  readonly median: number;
  readonly p99: number;
}

/** What the hub's process held at the end of a phase, in bytes. */
export interface Memory {
  readonly resident: number;
  readonly heap: number;
}

/** What a soak showed. Its phases: all read; a tenth reads nothing; all read again. */
export interface SoakReport {
  readonly seed: number;
  readonly connections: number;
  /** Readers that read nothing in the second phase, and how many of them the hub saw behind at once. */
  readonly silent: number;
  readonly blocked: number;
  readonly published: number;
  readonly deliveries: number;
  readonly lost: number;
  readonly repeated: number;
  readonly gaps: number;
  /** How often the silent readers came back, for a hub closes one that takes nothing for a minute. */
  readonly reconnections: number;
  /** Of those that always read: while nobody was blocked, before and after, and while a tenth was. */
  readonly latency: { readonly allRead: Latency; readonly someBlocked: Latency };
  readonly memory: { readonly before: Memory; readonly blocked: Memory; readonly after: Memory };
}

const MIB = 1024 * 1024;
/** Bytes that a process may move by itself: the log that fills, code that is compiled, garbage that waits. */
const SLACK = 64 * MIB;
/** Bytes that a blocked reader may cost: what its stream holds until it is behind. */
const PER_BLOCKED = 96 * 1024;
/** Latency may be so many times as long while some are blocked, and so many milliseconds: timers are this coarse. */
const HARMED = 2;
const COARSE = 20;

/** What of it must not be, one sentence each; none when all is well. */
export function problemsOf({ silent, blocked, lost, repeated, gaps, latency, memory }: SoakReport): string[] {
  const { allRead, someBlocked } = latency;
  const { before, after } = memory;
  const problems: [boolean, string][] = [
    [blocked < silent, `only ${blocked} of ${silent} silent readers were blocked: publish more, or for longer`],
    [lost > 0, `${lost} events were lost`],
    [repeated > 0, `${repeated} events came twice or too late`],
    [gaps > 0, `${gaps} gaps were told, though the log kept everything`],
    [
      memory.blocked.resident > before.resident + SLACK + silent * PER_BLOCKED,
      "blocked readers cost more memory than what their streams may hold",
    ],
    [after.resident > before.resident + SLACK + silent * PER_BLOCKED, "memory grew"],
    [after.heap > before.heap + SLACK, "the heap grew"],
    [
      someBlocked.median > HARMED * allRead.median + COARSE,
      "readers that read waited longer while others were blocked",
    ],
  ];
  return problems.filter(([is]) => is).map(([, problem]) => problem);
}

/** The report for people. */
export function formatReport(report: SoakReport): string {
  const { connections, silent, blocked, published, deliveries, lost, repeated, gaps, latency, memory } = report;
  const under = ({ median, p99 }: Latency): string => `median ${median.toFixed(1)} ms, 99 % ${p99.toFixed(1)} ms`;
  const held = ({ resident, heap }: Memory): string =>
    `${(resident / MIB).toFixed(0)} MiB resident, ${(heap / MIB).toFixed(0)} MiB heap`;
  return [
    `${connections} readers, ${silent} silent for a half of the time, ${blocked} of them blocked; seed ${report.seed}`,
    `${published} events, ${deliveries} deliveries: ${lost} lost, ${repeated} repeated, ${gaps} gaps; ${report.reconnections} reconnections`,
    `latency of the others: ${under(latency.allRead)}; while some were blocked: ${under(latency.someBlocked)}`,
    `memory of the hub: before ${held(memory.before)}; with blocked readers ${held(memory.blocked)}; after ${held(memory.after)}`,
  ].join("\n");
}
