import { describeServer } from "./describe-server.ts";
import { HubServerDriver } from "./hub-server-driver.ts";

describeServer("hub-server", { create: () => new HubServerDriver(), cursorQuery: "last_event_id" });
