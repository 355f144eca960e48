import { EventSourceClient } from "@ssekit/client";
import { parseTailArgs, type TailOptions, tailUsage } from "./tail-options.ts";
import { TailPrinter } from "./tail-printer.ts";

/** Where a tail writes, and what ends it. */
export interface TailStreams {
  /** Writes to stdout. */
  write(text: string): void;
  /** Writes to stderr. */
  complain(text: string): void;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** The time in ms since the epoch; the machine's by default. */
  now?(): number;
}

/** `ssekit tail`: prints the events of a stream until it ends. Gives the exit code. */
export async function tail(args: readonly string[], streams: TailStreams): Promise<number> {
  let options: TailOptions | undefined;
  try {
    options = parseTailArgs(args);
  } catch (error) {
    streams.complain(`Cannot tail: ${(error as Error).message}\n\n${tailUsage}`);
    return 2;
  }
  if (options === undefined) {
    streams.write(tailUsage);
    return 0;
  }
  const printer = new TailPrinter(streams, options);
  const { url, headers, post, lastEventId } = options;
  const client = new EventSourceClient(url, {
    headers,
    lastEventId,
    signal: streams.signal,
    ...(post === undefined ? {} : { method: "POST", body: post }),
    onError: (error) => streams.complain(`${(error as Error).message}\n`),
  });
  client.onAny((event) => printer.printEvent(event));
  client.onComment((comment) => printer.printComment(comment));
  client.onGap((gap) => printer.printGap(gap));
  client.onState((state) => printer.printState(state));
  const { closeReason } = await client.closed;
  return closeReason === "error" ? 1 : 0;
}
