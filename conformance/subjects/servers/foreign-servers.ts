import type { Attachment } from "../../src/attachment.ts";
import { serverCommand } from "../../src/server/command.ts";
import type { ServerDriver } from "../../src/server/driver.ts";
import type { Durations, ServerSubject } from "../../src/server/server-subject.ts";
import type { ForeignSubject, ForeignSubjects } from "../subject.ts";
import { versionOf } from "../version-of.ts";
import { attachEach } from "./attach-each.ts";
import { BetterSseDriver } from "./foreign/better-sse.ts";
import { FastifySseDriver } from "./foreign/fastify-sse.ts";
import { H3Driver } from "./foreign/h3.ts";
import { HonoDriver } from "./foreign/hono.ts";
import { attachNchan } from "./foreign/nchan.ts";

/** A loaded machine must not make a slow server of a prompt one. */
const DURATIONS: Partial<Durations> = { within: 8_000, prompt: 3_000 };

const HEARTBEAT = "server/life/heartbeat";
const RESUME = "server/resume/offered";

export const foreignServers: ForeignSubjects<ServerSubject> = {
  area: { ...serverCommand, concurrency: 4 },
  note: "Each is the smallest application that its documentation leads to: a set of open streams, or the channel that it has, on Node's HTTP/1.1, or for nchan its own nginx. Heartbeats and resuming are on where it has them, and not asked for where it leaves them to the application. What sends data as JSON by default does so here. With h3 and @fastify/sse something is written first, for no head leaves before the first bytes.",
  subjects: [
    attached("better-sse", { create: () => new BetterSseDriver(), leaves: [RESUME] }),
    attached("hono", { create: () => new HonoDriver(), leaves: [HEARTBEAT, RESUME] }),
    attached("h3", { create: () => new H3Driver(), leaves: [HEARTBEAT, RESUME] }),
    attached("@fastify/sse", { create: () => new FastifySseDriver() }),
    { attach: () => attachNchan(DURATIONS) },
  ],
};

function attached(
  name: string,
  { create, leaves = [] }: { create: () => ServerDriver; leaves?: readonly string[] },
): ForeignSubject<ServerSubject> {
  const attach = async (): Promise<Attachment<ServerSubject>> =>
    attachEach(name, { create, version: versionOf(name), durations: DURATIONS });
  return { attach, leaves };
}
