import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { freePort, localhost, type Program, startHaproxy, startNginx } from "testing";
import type { Protocol } from "./proxied-reader.ts";

/** Milliseconds that stand in for the idle time-outs of 60 s; more than the second in which a reader's leaving is heard. */
export const IDLE_TIMEOUT = 1_500;

/** Milliseconds that stand in for the 30 s that streams have after a reload. */
const SHUTDOWN_TIMEOUT = 200;

/** A proxy that runs with the configuration of `docs/deployment`. */
export interface StartedProxy {
  readonly program: Program;
  readonly ports: Record<Protocol, number>;
}

/** Where a proxy is, what it may write to, and the port of the server behind it. */
export interface ProxyInit {
  readonly path: string;
  readonly folder: string;
  readonly server: number;
  /** What is spoken with the server; HTTP/2 is in the clear. */
  readonly upstream: Protocol;
}

/** Starts nginx, as a site has it that compresses streams too. */
export async function startNginxOfDocs({ path, folder, server }: ProxyInit): Promise<StartedProxy> {
  const { ports, pem } = await place(folder);
  const config = await configOfDocs("nginx.conf", [
    ["listen 80;", `listen 127.0.0.1:${ports["HTTP/1.1"]};`],
    ["listen 443 ", `listen 127.0.0.1:${ports["HTTP/2"]} `],
    ["127.0.0.1:3000", `127.0.0.1:${server}`],
    ["/etc/ssl/example.com/fullchain.pem", pem],
    ["/etc/ssl/example.com/privkey.pem", pem],
    ["proxy_read_timeout 60s", `proxy_read_timeout ${IDLE_TIMEOUT}ms`],
    ["worker_shutdown_timeout 30s", `worker_shutdown_timeout ${SHUTDOWN_TIMEOUT}ms`],
    ["gzip_types ", "gzip_types text/event-stream "],
  ]);
  return { program: await startNginx(path, { config, folder }), ports };
}

/** Starts HAProxy, as a site has it that compresses what it may. */
export async function startHaproxyOfDocs({ path, folder, server, upstream }: ProxyInit): Promise<StartedProxy> {
  const { ports, pem } = await place(folder);
  const config = await configOfDocs("haproxy.cfg", [
    ["bind :80\n", `bind 127.0.0.1:${ports["HTTP/1.1"]}\n`],
    ["bind :443 ", `bind 127.0.0.1:${ports["HTTP/2"]} `],
    ["127.0.0.1:3000", `127.0.0.1:${server}${upstream === "HTTP/2" ? " proto h2" : ""}`],
    ["/etc/haproxy/example.com.pem", pem],
    ["timeout client 60s", `timeout client ${IDLE_TIMEOUT}ms`],
    ["timeout server 60s", `timeout server ${IDLE_TIMEOUT}ms`],
    ["hard-stop-after 30s", `hard-stop-after ${SHUTDOWN_TIMEOUT}ms`],
    ["mode http\n", "mode http\n    compression algo gzip\n    compression type text/event-stream\n"],
  ]);
  return { program: await startHaproxy(path, { config, folder }), ports };
}

async function place(folder: string): Promise<{ ports: StartedProxy["ports"]; pem: string }> {
  const pem = join(folder, "localhost.pem");
  await writeFile(pem, localhost.cert + localhost.key);
  return { ports: { "HTTP/1.1": await freePort(), "HTTP/2": await freePort() }, pem };
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
