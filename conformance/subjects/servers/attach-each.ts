import type { Attachment } from "../../src/attachment.ts";
import { attachServer, capabilitiesOf, type ServerOptions } from "../../src/server/attach-server.ts";
import { driverPublisher, type ServerDriver } from "../../src/server/driver.ts";
import type { ServerSubject } from "../../src/server/server-subject.ts";

/** A server that is made anew for each case. */
export interface EachServer extends Pick<ServerOptions, "tls" | "cursorQuery" | "durations" | "version"> {
  create(): ServerDriver;
}

/** Attaches a server of which each case gets one of its own, so that they can run side by side, and none hurts another. */
export function attachEach(
  name: string,
  { create, version, cursorQuery, ...options }: EachServer,
): Attachment<ServerSubject> {
  return {
    name,
    version,
    capabilities: capabilitiesOf(driverPublisher(create()), cursorQuery),
    open: async (context) => {
      const attachment = await attachServer({ ...options, driver: create(), cursorQuery });
      context.defer(() => attachment.close());
      return await attachment.open(context);
    },
    close: async () => {},
  };
}
