// The page of shared.browser.test.ts: what one tab has of the shared connection.
import { SharedEventSourceClient } from "../src/shared.ts";

const client = new SharedEventSourceClient("/events", { retry: { floor: 50, spread: 50 } });
const got: string[] = [];
client.onAny(({ data }) => got.push(data));

/** Fulfils once something holds, which is looked at when something happens: hidden tabs have slow timers. */
function until(holds: () => boolean): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      if (holds()) resolve();
    };
    client.onAny(look);
    client.onState(look);
    look();
  });
}

Object.assign(globalThis, { client, got, until });
