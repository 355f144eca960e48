import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { findBinary } from "testing";
import { type StartServer, startSubject } from "./running-server.ts";

const compiler = process.platform === "linux" ? findBinary("cc") : undefined;
const source = fileURLToPath(new URL("./subjects/epoll.c", import.meta.url));

/** A server in C, with one write an event or one a turn; nothing where no C compiler for Linux is installed. */
export function epollServer(write: "event" | "turn"): StartServer | undefined {
  return compiler === undefined ? undefined : (signal) => start(compiler, write, signal);
}

async function start(cc: string, write: string, signal: AbortSignal): ReturnType<StartServer> {
  const folder = await mkdtemp(join(tmpdir(), "ssekit-epoll-"));
  try {
    const program = join(folder, "epoll");
    await promisify(execFile)(cc, ["-O2", "-o", program, source], { signal });
    return await startSubject([program, write], signal);
  } finally {
    // It runs without its file.
    await rm(folder, { recursive: true });
  }
}
