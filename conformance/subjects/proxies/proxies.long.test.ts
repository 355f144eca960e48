import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describeWith, freePort, localhost, type Program, startHaproxy, startNginx } from "testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Attachment } from "../../src/attachment.ts";
import { bindCases } from "../../src/bind-cases.ts";
import { STRICT_LEVELS } from "../../src/gating-levels.ts";
import { attachProxy } from "../../src/proxy/attach-proxy.ts";
import { proxyCases } from "../../src/proxy/cases.ts";
import type { ProxySubject } from "../../src/proxy/proxy-subject.ts";
import { runCase } from "../../src/run-case.ts";

/** Limit of a test, in milliseconds: above that of every case. */
const TIMEOUT = 200_000;

/** Ports and files in place of those of docs/deployment. */
interface Placed {
  readonly http: number;
  readonly https: number;
  readonly origin: number;
  readonly pem: string;
}

describeWith("nginx", "nginx, as docs/deployment has it", (path) => {
  const start = async (placed: Placed, folder: string): Promise<Program> =>
    await startNginx(path, { config: await nginxConfig(placed), folder });
  describeProxy(start, {});
});

describeWith("haproxy", "HAProxy, as docs/deployment has it", (path) => {
  const start = async (placed: Placed, folder: string): Promise<Program> =>
    await startHaproxy(path, { config: await haproxyConfig(placed), folder });
  describeProxy(start, {
    "proxy/head/hop-by-hop": "HAProxy 2.6 passes Keep-Alive on over HTTP/1.1",
    "proxy/http2/server-breaks-off": "HAProxy 2.6 ends a response over HTTP/2 that broke off as if it were whole",
  });

  describe("without option http-no-delay", () => {
    const attached = attachedProxy(async (placed, folder) => {
      const config = (await haproxyConfig(placed)).replace("option http-no-delay\n", "\n");
      return await startHaproxy(path, { config, folder });
    });
    it(
      "is found to keep events for a while",
      async () => {
        const noDelay = proxyCases.find(({ id }) => id === "proxy/buffering/no-delay");
        if (noDelay === undefined) throw new Error("Cannot find the case");
        const { signal } = new AbortController();
        const result = await runCase(noDelay, attached("http"), { seed: 1, signal });
        expect(result).toMatchObject({ verdict: "fail", message: "Events are kept" });
      },
      TIMEOUT,
    );
  });
});

/** Holds a proxy to every case, over HTTP/1.1 in the clear and over TLS, where HTTP/2 is offered too. */
function describeProxy(
  start: (placed: Placed, folder: string) => Promise<Program>,
  exceptions: Readonly<Record<string, string>>,
): void {
  const attached = attachedProxy(start);
  describe.each(["http", "https"] as const)("over %s", (scheme) => {
    for (const { id } of proxyCases.filter((one) => !(one.id in exceptions))) {
      it.concurrent(
        id,
        async (test) => {
          const cases = proxyCases.filter((one) => one.id === id);
          const [bound] = bindCases(cases, attached(scheme), { levels: STRICT_LEVELS });
          await bound?.run(test);
        },
        TIMEOUT,
      );
    }
  });
}

function attachedProxy(
  start: (placed: Placed, folder: string) => Promise<Program>,
): (scheme: "http" | "https") => Attachment<ProxySubject> {
  const attachments: Partial<Record<"http" | "https", Attachment<ProxySubject>>> = {};
  const programs: Program[] = [];
  const folders: string[] = [];
  beforeAll(async () => {
    for (const scheme of ["http", "https"] as const) {
      const folder = await mkdtemp(join(tmpdir(), "ssekit-conformance-"));
      folders.push(folder);
      const pem = join(folder, "localhost.pem");
      await writeFile(pem, localhost.cert + localhost.key);
      attachments[scheme] = await attachProxy({
        originPort: 0,
        tls: { insecure: true },
        durations: { within: 8_000, idle: 16_000 },
        url: async (origin) => {
          const placed = { http: await freePort(), https: await freePort(), origin, pem };
          programs.push(await start(placed, folder));
          return `${scheme}://localhost:${placed[scheme]}/`;
        },
      });
    }
  }, TIMEOUT);
  afterAll(async () => {
    for (const program of programs) await program.stop();
    for (const attachment of Object.values(attachments)) await attachment.close();
    for (const folder of folders) await rm(folder, { recursive: true });
  });
  return (scheme) => {
    const attachment = attachments[scheme];
    if (attachment === undefined) throw new Error(`Cannot find the proxy of ${scheme}: it did not start`);
    return attachment;
  };
}

async function nginxConfig({ http, https, origin, pem }: Placed): Promise<string> {
  return await configOfDocs("nginx.conf", [
    ["listen 80;", `listen 127.0.0.1:${http};`],
    ["listen 443 ", `listen 127.0.0.1:${https} `],
    ["127.0.0.1:3000", `127.0.0.1:${origin}`],
    ["/etc/ssl/example.com/fullchain.pem", pem],
    ["/etc/ssl/example.com/privkey.pem", pem],
  ]);
}

async function haproxyConfig({ http, https, origin, pem }: Placed): Promise<string> {
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
