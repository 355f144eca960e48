import { adviceOn, type Failures } from "./failure.ts";
import { LoadReader, type ReaderContext } from "./load-reader.ts";
import type { RequestTarget } from "./request-target.ts";
import { Tally } from "./tally.ts";

/**
 * Opens one stream and closes it again, so that a load test of something that is no server of event streams says so
 * before it begins.
 *
 * @throws {Error} that says what came instead.
 */
export async function probeTarget(target: RequestTarget, timeout: number): Promise<void> {
  const tally = new Tally();
  const context: ReaderContext = {
    target,
    tally,
    timeout,
    run: "",
    schedule: undefined,
    onDelivery: () => {},
    onClosed: () => {},
  };
  const reader = new LoadReader(context);
  const began = await reader.connect();
  reader.close();
  if (!began) throw new Error(`Cannot load ${target.url}: ${explain(tally.failures[0])}`);
}

function explain(failure: Failures | undefined): string {
  if (failure === undefined) return "the stream did not begin";
  const advice = adviceOn(failure.kind);
  return advice === undefined ? failure.example : `${failure.example}; ${advice}`;
}
