import { type Attachment, AttachmentError } from "../attachment.ts";
import type { Field, TlsOptions } from "../http/request.ts";
import { wireLogOf } from "../http/wire-log.ts";
import { Origin } from "./origin.ts";
import { DEFAULT_PROXY_DURATIONS, type ProxyDurations, ProxySubject } from "./proxy-subject.ts";

/** The port of the suite's origin, where none is given. */
export const DEFAULT_ORIGIN_PORT = 4712;

/** How a proxy is attached. */
export interface ProxyOptions {
  /** Where it listens, for what it passes on to the origin; or what starts it for an origin at this port. */
  readonly url: string | ((originPort: number) => Promise<string>);
  /** The port of 127.0.0.1 at which it expects its server, {@linkcode DEFAULT_ORIGIN_PORT} by default; 0 takes a free one. */
  readonly originPort?: number | undefined;
  readonly name?: string | undefined;
  readonly version?: string | undefined;
  /** Sent with each request. */
  readonly fields?: readonly Field[] | undefined;
  readonly tls?: TlsOptions | undefined;
  /** Those that differ from {@linkcode DEFAULT_PROXY_DURATIONS}. */
  readonly durations?: Partial<ProxyDurations> | undefined;
}

/** Attaches a proxy: starts the origin that is to be behind it. */
export async function attachProxy(options: ProxyOptions): Promise<Attachment<ProxySubject>> {
  const { originPort = DEFAULT_ORIGIN_PORT, name, version, fields = [], tls = {} } = options;
  const origin = await startOrigin(originPort);
  const text = typeof options.url === "string" ? options.url : await options.url(origin.port);
  if (!URL.canParse(text) || !/^https?:$/.test(new URL(text).protocol)) {
    await origin.close();
    throw new AttachmentError(
      `Cannot attach ${text}: it is no URL of http: or https:; give one such as http://127.0.0.1:8080/`,
    );
  }
  const url = new URL(text);
  const durations = { ...DEFAULT_PROXY_DURATIONS, ...options.durations };
  const run = `p${Date.now().toString(36)}`;
  let opened = 0;
  return {
    name: name ?? url.host,
    version,
    capabilities: new Set(),
    open: async (context) => {
      opened += 1;
      const wire = wireLogOf(context);
      const subject = new ProxySubject({ url, fields, tls, durations }, { origin, wire, run: `${run}-${opened}` });
      context.defer(() => subject.leave());
      context.lengthen(durations.within / DEFAULT_PROXY_DURATIONS.within);
      return subject;
    },
    close: () => origin.close(),
  };
}

async function startOrigin(port: number): Promise<Origin> {
  try {
    return await Origin.start(port);
  } catch (error) {
    throw new AttachmentError(`Cannot listen at port ${port}: ${(error as Error).message}; give another --origin-port`);
  }
}
