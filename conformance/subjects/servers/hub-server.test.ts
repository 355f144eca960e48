import { describeServer } from "./describe-server.ts";
import { HubServerDriver } from "./hub-server-driver.ts";

describeServer(
  "hub-server",
  { create: () => new HubServerDriver(), cursorQuery: "last_event_id" },
  { "server/life/heartbeat": "it comes after 15 s: hub-server-behind-nginx.long.test.ts waits for it" },
);
