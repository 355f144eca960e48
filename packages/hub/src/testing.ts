/**
 * What it takes to test a driver of `EventLog`, or an app that uses a hub, with any test framework.
 *
 * @example
 * ```ts
 * import { memoryLog } from "@ssekit/hub";
 * import { eventLogCases } from "@ssekit/hub/testing";
 *
 * for (const { run } of eventLogCases) await run(memoryLog);
 * ```
 *
 * @module
 */
export type { EventLogCase, EventLogSettings, OpenEventLog } from "./event-log-case.ts";
export { eventLogCases } from "./event-log-cases.ts";
export { ManualClock } from "./manual-clock.ts";
export { ManualTurns } from "./manual-turns.ts";
export { ScriptedSink, type ScriptedSinkOptions } from "./scripted-sink.ts";
