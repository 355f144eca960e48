import type { Attachment } from "../../src/attachment.ts";
import { attachServer, capabilitiesOf } from "../../src/server/attach-server.ts";
import { driverPublisher, type ServerDriver } from "../../src/server/driver.ts";
import type { Durations, ServerSubject } from "../../src/server/server-subject.ts";

/** A slow machine gets more time for what has to come; a mutant is not waited for. */
const PATIENCE = process.env.CI === "true" ? 5 : 1;
export const PATIENT: Durations = {
  within: 5_000 * PATIENCE,
  prompt: 1_500 * PATIENCE,
  heartbeat: 1_000 * PATIENCE,
  quiet: 60,
};
export const IMPATIENT: Durations = { within: 400, prompt: 150, heartbeat: 300, quiet: 60 };

const CURSOR_QUERY = "lastEventId";

/** Attaches a server of which each case gets one of its own, so that they can run side by side. */
export function attachDriver(
  create: () => ServerDriver,
  { name, durations }: { name: string; durations: Durations },
): Attachment<ServerSubject> {
  return {
    name,
    version: undefined,
    capabilities: capabilitiesOf(driverPublisher(create()), CURSOR_QUERY),
    open: async (context) => {
      const attachment = await attachServer({ driver: create(), cursorQuery: CURSOR_QUERY, durations });
      context.defer(() => attachment.close());
      return await attachment.open(context);
    },
    close: async () => {},
  };
}
