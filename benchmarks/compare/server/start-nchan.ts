import { once } from "node:events";
import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { findBinary, freePort, startNginx } from "testing";
import { clock } from "./clock.ts";
import type { LoadTask, Usage } from "./messages.ts";
import type { RunningServer, StartServer } from "./running-server.ts";

/** Where Debian's package puts nchan. */
const MODULE = "/usr/lib/nginx/modules/ngx_nchan_module.so";

const nginx = findBinary("nginx");

/** nginx with nchan, one worker; nothing where they are not installed. */
export const startNchan: StartServer | undefined =
  nginx !== undefined && existsSync(MODULE) ? (signal) => start(nginx, signal) : undefined;

async function start(path: string, signal: AbortSignal): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), "ssekit-nchan-"));
  const port = await freePort();
  const program = await startNginx(path, { config: configOf(port), folder });
  const worker = Number(/start worker process (\d+)/.exec(program.output())?.[1]);
  const stop = async (): Promise<void> => {
    await program.stop();
    await rm(folder, { recursive: true, force: true });
  };
  signal.addEventListener("abort", () => void program.stop(), { once: true });
  const publisher = connect(port, "127.0.0.1").setNoDelay(true);
  await once(publisher, "connect");
  publisher.unref();
  publisher.on("error", () => {});
  return { port, stop, load: (task) => load(publisher, task), usage: () => usageOf(worker) };
}

function configOf(port: number): string {
  const user = process.getuid?.() === 0 ? "user root;" : "";
  return `load_module ${MODULE};
${user}
worker_processes 1;
worker_rlimit_nofile 20000;
events { worker_connections 20000; }
http {
  keepalive_requests 1000000;
  nchan_message_buffer_length 10000;
  server {
    listen 127.0.0.1:${port} backlog=4096;
    location = /publish { nchan_publisher; nchan_channel_id news; }
    location = /events { nchan_subscriber eventsource; nchan_channel_id news; }
  }
}
`;
}

/** Publishes as the others do, by requests on one connection; those of a turn are sent together. */
async function load(publisher: ReturnType<typeof connect>, task: LoadTask): Promise<void> {
  const { events, perTurn, interval, size } = task;
  const padding = "x".repeat(size);
  const started = clock();
  for (let sent = 0; sent < events; ) {
    const due = Math.round((started + (sent / perTurn) * interval) * 1000);
    const first = sent;
    let requests = "";
    for (const end = Math.min(sent + perTurn, events); sent < end; sent += 1) {
      requests += requestOf(`${sent} ${due} ${padding}`.slice(0, size));
    }
    publisher.write(requests);
    await answers(publisher, sent - first);
    const next = started + (sent / perTurn) * interval - clock();
    if (interval > 0 && next > 1) await setTimeout(next);
  }
}

function requestOf(data: string): string {
  return `POST /publish HTTP/1.1\r\nHost: bench\r\nContent-Length: ${data.length}\r\n\r\n${data}`;
}

async function answers(publisher: ReturnType<typeof connect>, count: number): Promise<void> {
  for (let text = ""; ; ) {
    const [bytes] = (await once(publisher, "data")) as [Buffer];
    text += bytes.toString("latin1");
    if (text.split("HTTP/1.1 20").length > count) return;
  }
}

/** What Linux knows of a process: its time on a processor in nanoseconds, and its resident memory. */
async function usageOf(process: number): Promise<Usage> {
  const [schedule, status] = await Promise.all(
    ["schedstat", "status"].map((file) => readFile(`/proc/${process}/${file}`, "utf8")),
  );
  const kilobytes = Number(/^VmRSS:\s+(\d+) kB/m.exec(status ?? "")?.[1]);
  return { cpu: Number(schedule?.split(" ")[0]) / 1000, memory: kilobytes * 1024 };
}
