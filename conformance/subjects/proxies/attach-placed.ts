import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort, localhost, type Program } from "testing";
import type { Attachment } from "../../src/attachment.ts";
import { attachProxy, type ProxyOptions } from "../../src/proxy/attach-proxy.ts";
import type { ProxySubject } from "../../src/proxy/proxy-subject.ts";

/** Ports and files of a proxy that runs for a test. */
export interface Placed {
  readonly http: number;
  readonly https: number;
  readonly origin: number;
  readonly pem: string;
}

/** A proxy that is started for the suite's origin. */
export interface PlacedProxy extends Pick<ProxyOptions, "name" | "version" | "durations"> {
  readonly scheme: "http" | "https";
  start(placed: Placed, folder: string): Promise<Program>;
}

/** Starts a proxy in a folder of its own, in front of the suite's origin; closing stops it. */
export async function attachPlaced({ scheme, start, ...options }: PlacedProxy): Promise<Attachment<ProxySubject>> {
  const folder = await mkdtemp(join(tmpdir(), "ssekit-conformance-"));
  const pem = join(folder, "localhost.pem");
  await writeFile(pem, localhost.cert + localhost.key);
  let program: Program | undefined;
  const attachment = await attachProxy({
    ...options,
    originPort: 0,
    tls: { insecure: true },
    url: async (origin) => {
      const placed = { http: await freePort(), https: await freePort(), origin, pem };
      program = await start(placed, folder);
      return `${scheme}://localhost:${placed[scheme]}/`;
    },
  });
  const close = async (): Promise<void> => {
    await program?.stop();
    await attachment.close();
    await rm(folder, { recursive: true });
  };
  return { ...attachment, close };
}

/** docs/deployment/nginx.conf. */
export async function nginxOfDocs({ http, https, origin, pem }: Placed): Promise<string> {
  return await configOfDocs("nginx.conf", [
    ["listen 80;", `listen 127.0.0.1:${http};`],
    ["listen 443 ", `listen 127.0.0.1:${https} `],
    ["127.0.0.1:3000", `127.0.0.1:${origin}`],
    ["/etc/ssl/example.com/fullchain.pem", pem],
    ["/etc/ssl/example.com/privkey.pem", pem],
  ]);
}

/** docs/deployment/haproxy.cfg. */
export async function haproxyOfDocs({ http, https, origin, pem }: Placed): Promise<string> {
  return await configOfDocs("haproxy.cfg", [
    ["bind :80\n", `bind 127.0.0.1:${http}\n`],
    ["bind :443 ", `bind 127.0.0.1:${https} `],
    ["127.0.0.1:3000", `127.0.0.1:${origin}`],
    ["/etc/haproxy/example.com.pem", pem],
  ]);
}

/** The configuration with these strings replaced, each of which has to be there. */
async function configOfDocs(name: string, changes: readonly [string, string][]): Promise<string> {
  let config = await readFile(join(import.meta.dirname, "../../../docs/deployment", name), "utf8");
  for (const [from, to] of changes) {
    if (!config.includes(from)) throw new Error(`Cannot place ${name} in a test: it has no ${JSON.stringify(from)}`);
    config = config.replaceAll(from, to);
  }
  return config;
}
