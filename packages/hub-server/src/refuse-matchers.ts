import type { EventSink, Hub, Matcher } from "@ssekit/hub";
import { badRequest, type Refusal } from "./refusal.ts";

/**
 * Asks the hub whether it would take these matchers, before a stream is opened that could only be refused without a
 * word: it judges them first, so a sink that has closed already is enough. No subscription comes of it, and the log is
 * not asked.
 */
export async function refuseMatchers(hub: Hub, matchers: readonly Matcher[]): Promise<Refusal | undefined> {
  try {
    await hub.subscribe(closedSink(), matchers);
    return undefined;
  } catch (error) {
    if (error instanceof TypeError || error instanceof RangeError) return badRequest(error.message);
    throw error;
  }
}

const ready = Promise.resolve();

function closedSink(): EventSink {
  const nothing = (): void => {};
  return {
    lastEventId: undefined,
    desiredSize: 0,
    ready,
    write: () => false,
    close: nothing,
    onClose: (listener) => listener("server"),
    onHeartbeat: nothing,
    hold: nothing,
    open: nothing,
    refuse: nothing,
  };
}
