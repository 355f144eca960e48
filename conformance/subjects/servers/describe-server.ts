import { describe, it } from "vitest";
import type { Attachment } from "../../src/attachment.ts";
import { bindCases } from "../../src/bind-cases.ts";
import { ALL_LEVELS } from "../../src/gating-levels.ts";
import { attachServer, capabilitiesOf, type ServerOptions } from "../../src/server/attach-server.ts";
import { serverCases } from "../../src/server/cases.ts";
import { driverPublisher, type ServerDriver } from "../../src/server/driver.ts";
import type { Durations, ServerSubject } from "../../src/server/server-subject.ts";

/** Limit of a test, in milliseconds: above that of every case, which tells more. */
const TIMEOUT = 180_000;

const PATIENCE = process.env.CI === "true" ? 3 : 1;
const DURATIONS: Durations = { within: 8_000 * PATIENCE, prompt: 2_000 * PATIENCE, heartbeat: 20_000, quiet: 100 };

/** What differs from one server of ours to the next. */
export interface OwnServer extends Pick<ServerOptions, "tls" | "cursorQuery"> {
  /** Makes one for each case. */
  create(): ServerDriver;
}

/** Holds a server of ours to every case of every level, our own choices too, save for these, whose reason is said. */
export function describeServer(
  name: string,
  server: OwnServer,
  exceptions: Readonly<Record<string, string>> = {},
): void {
  describe(`${name} keeps every rule`, () => {
    const held = serverCases.filter(({ id }) => !(id in exceptions));
    for (const { id, run } of bindCases(held, attachEach(server, name), { levels: ALL_LEVELS })) {
      it.concurrent(id, run, TIMEOUT);
    }
  });
}

/** Each case gets a server of its own, so that they can run side by side. */
function attachEach({ create, tls, cursorQuery }: OwnServer, name: string): Attachment<ServerSubject> {
  return {
    name,
    version: undefined,
    capabilities: capabilitiesOf(driverPublisher(create()), cursorQuery),
    open: async (context) => {
      const attachment = await attachServer({ driver: create(), tls, cursorQuery, durations: DURATIONS });
      context.defer(() => attachment.close());
      return await attachment.open(context);
    },
    close: async () => {},
  };
}
