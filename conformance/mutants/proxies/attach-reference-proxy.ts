import type { Attachment } from "../../src/attachment.ts";
import { attachProxy } from "../../src/proxy/attach-proxy.ts";
import type { ProxyDurations, ProxySubject } from "../../src/proxy/proxy-subject.ts";

const PATIENCE = process.env.CI === "true" ? 5 : 1;
export const PATIENT: ProxyDurations = { within: 5_000 * PATIENCE, idle: 500, prompt: 100 * PATIENCE };
export const IMPATIENT: ProxyDurations = { within: 500, idle: 300, prompt: 100 };

/** A proxy in this process. */
export interface RunningProxy {
  /** Gives its URL. */
  start(): Promise<string>;
  stop(): Promise<void>;
}

/** Attaches a proxy of which each case gets one of its own, with an origin of its own. */
export function attachReferenceProxy(
  create: (originPort: number) => RunningProxy,
  { name, durations }: { name: string; durations: ProxyDurations },
): Attachment<ProxySubject> {
  return {
    name,
    version: undefined,
    capabilities: new Set(),
    open: async (context) => {
      // The origin listens first, at a free port, and the proxy is told it.
      const started: { proxy?: RunningProxy } = {};
      const attachment = await attachProxy({
        url: async (originPort) => {
          started.proxy = create(originPort);
          return await started.proxy.start();
        },
        originPort: 0,
        name,
        durations,
      });
      context.defer(async () => {
        await started.proxy?.stop();
        await attachment.close();
      });
      return await attachment.open(context);
    },
    close: async () => {},
  };
}
