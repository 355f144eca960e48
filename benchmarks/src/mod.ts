/**
 * The load tool for servers of event streams, as a library: `ssekit-bench load` is its command line. It runs on Node.
 *
 * @example
 * ```ts
 * import { DEFAULT_LOAD, formatReport, measureLoad } from "@ssekit/benchmarks";
 *
 * const target = { url: "http://127.0.0.1:3000/events", method: "GET", fields: [], body: undefined, insecure: false };
 * const report = await measureLoad({ ...DEFAULT_LOAD, target, profile: "fan-out", publish: undefined });
 * console.log(formatReport(report));
 * ```
 *
 * @module
 */
export type { FailureKind, Failures } from "./load/failure.ts";
export { formatReport } from "./load/format-report.ts";
export { htmlReport } from "./load/html-report.ts";
export { httpPublish } from "./load/http-publish.ts";
export type { ReaderSample } from "./load/load-messages.ts";
export { DEFAULT_LOAD, type LoadOptions, type Profile, profiles } from "./load/load-options.ts";
export { isClean, type LoadReport, type Summary } from "./load/load-report.ts";
export { measureFiniteStreams } from "./load/measure-finite-streams.ts";
export { type LoadControl, type LoadProgress, measureLoad } from "./load/measure-load.ts";
export { probeTarget } from "./load/probe-target.ts";
export type { Publish } from "./load/publish-on-schedule.ts";
export type { RequestTarget } from "./load/request-target.ts";
