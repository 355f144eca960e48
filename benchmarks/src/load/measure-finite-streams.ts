import { createParser } from "@ssekit/codec";
import autocannon from "autocannon";
import { adviceOn, type FailureKind } from "./failure.ts";
import type { LoadOptions } from "./load-options.ts";
import type { LoadReport, Summary } from "./load-report.ts";
import type { LoadControl } from "./measure-load.ts";

/**
 * Requests streams that end, one after the other on each connection, and counts those that came whole. autocannon does
 * the requests: a stream that ends is a response as any other to it. An endless one never counts there, and ends as a
 * time-out; for those there is {@linkcode measureLoad}.
 */
export async function measureFiniteStreams(
  options: LoadOptions,
  { signal, onProgress }: LoadControl = {},
): Promise<LoadReport> {
  const { target, connections, duration, timeout, expectEvents } = options;
  const startedAt = new Date();
  let events = 0;
  const { result, interrupted } = await run(
    {
      url: target.url,
      method: target.method as autocannon.Request["method"],
      headers: { accept: "text/event-stream", ...Object.fromEntries(target.fields) },
      ...(target.body === undefined ? {} : { body: target.body }),
      connections,
      duration: duration / 1000,
      timeout: timeout / 1000,
      tlsOptions: { rejectUnauthorized: !target.insecure },
      verifyBody: (body) => {
        const count = countEvents(String(body));
        events += count;
        return expectEvents === undefined ? count > 0 : count === expectEvents;
      },
    },
    { signal, onProgress },
  );
  const measured = result.duration * 1000;
  const responses = result["2xx"] + result.non2xx;
  return {
    version: 1,
    url: target.url,
    profile: options.profile,
    startedAt: startedAt.toISOString(),
    duration: measured,
    measuredBy: "autocannon",
    partial: interrupted ? "it was interrupted" : undefined,
    connections: {
      asked: connections,
      opened: responses,
      perSecond: (responses * 1000) / measured,
      last: 0,
      ended: result["2xx"] - result.mismatches,
      churned: 0,
      stalled: 0,
    },
    head: undefined,
    firstEvent: undefined,
    gap: undefined,
    stream: summaryOf(result.latency),
    events: { received: events, perSecond: (events * 1000) / measured },
    bytes: { received: result.throughput.total, perSecond: (result.throughput.total * 1000) / measured },
    delivery: undefined,
    failures: [
      failure(
        "timeout",
        responses + result.errors === 0 ? connections : 0,
        `No stream had ended within ${duration} ms`,
      ),
      failure("status", result.non2xx, "A response had a status other than 2xx"),
      failure("cut", result.mismatches, `A stream did not have ${expectEvents ?? "any"} events`),
      failure("timeout", result.timeouts, `A stream had not ended within ${timeout} ms`),
      failure("other", result.errors - result.timeouts, "A connection failed"),
    ].filter(({ count }) => count > 0),
    tool: { utilization: 0, connectUtilization: 0, bottleneck: undefined },
    samples: [],
  };
}

function run(
  options: autocannon.Options,
  { signal, onProgress }: LoadControl,
): Promise<{ result: autocannon.Result; interrupted: boolean }> {
  return new Promise((resolve, reject) => {
    const interrupted = (): boolean => signal?.aborted ?? false;
    const instance = autocannon(options, (error, result) =>
      error ? reject(error) : resolve({ result, interrupted: interrupted() }),
    );
    const stop = (): void => (instance as unknown as { stop(): void }).stop();
    signal?.addEventListener("abort", stop, { once: true });
    let elapsed = 0;
    instance.on("tick", () => {
      elapsed += 1000;
      onProgress?.({ phase: "measuring", elapsed, sample: undefined });
    });
  });
}

function countEvents(body: string): number {
  let count = 0;
  const parser = createParser({
    onEvent: () => {
      count += 1;
    },
  });
  parser.feed(body);
  return count;
}

function failure(kind: FailureKind, count: number, example: string): LoadReport["failures"][number] {
  // Else a time-out is one of a head.
  const advice =
    kind === "timeout" ? "this profile is for streams that end: take another for those that stay open" : adviceOn(kind);
  return { kind, count, example, advice };
}

function summaryOf({
  totalCount,
  min,
  average,
  p50,
  p90,
  p99,
  p99_9,
  max,
}: autocannon.Histogram & { totalCount?: number }): Summary | undefined {
  if (max === 0) return undefined;
  return { count: totalCount ?? 0, min, mean: average, p50, p90, p99, p999: p99_9, max };
}
