import { EventSource } from "@ssekit/client/eventsource";
import { describe } from "vitest";
import { attachClient } from "../src/client/attach-client.ts";
import { hostEventSource } from "../src/client/event-source-host.ts";
import { describeClient, PATIENCE } from "./describe-client.ts";

describe("EventSource of @ssekit/client", () => {
  describeClient(() => attachClient(hostEventSource(EventSource), { patience: PATIENCE }));
});
