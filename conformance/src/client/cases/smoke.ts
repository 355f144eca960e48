import { type ClientCase, clientCase } from "../client-case.ts";
import { standard } from "../client-standard.ts";

/** The simplest stream. */
export const smokeCase: ClientCase = clientCase({
  id: "client/smoke/one-event",
  rule: "A data line and a blank line are one event.",
  standard: standard.blankLine,
  repair: "Check how the client is attached: it asks for the URL that it is given, and each event is reported.",
  launchDarkly: ["basic parsing/one-line message in one chunk", "basic parsing/default event type"],
  wpt: ["eventsource-onmessage.any.js"],
  async run({ start }) {
    const client = await start();
    (await client.stream()).write("data: Hello\n\n");
    await client.events({ data: "Hello" });
  },
});
