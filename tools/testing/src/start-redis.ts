import { cp, mkdir, mkdtemp, rm } from "node:fs/promises";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { freePort } from "./free-port.ts";
import { type Program, startProgram } from "./program.ts";

/** A Redis server of a test's own, which writes each change to a file before it answers. */
export interface RedisServer {
  readonly port: number;
  readonly url: string;
  /** Sends one command of plain words by a connection of its own, and gives the raw reply. */
  command(line: string): Promise<string>;
  /** Ends it at once, as a crash does; what it answered stays in its file. */
  kill(): Promise<void>;
  /** Starts it again with what is in its file, on the same port. */
  start(): Promise<void>;
  /** Stops its process without ending it: connections stay open, and nothing answers. */
  pause(): void;
  /** Lets it go on. */
  resume(): void;
  /** Copies its file as it is now, and gives the copy's name. */
  backUp(): Promise<string>;
  /** Ends it, puts a copy in the place of its file, and starts it again. */
  restore(copy: string): Promise<void>;
  /** Ends it, and removes all that it wrote. */
  close(): Promise<void>;
}

/** Starts a Redis server on a free port of the loopback interface, from the path that `describeWith` gives. */
export async function startRedis(path: string): Promise<RedisServer> {
  const port = await freePort();
  const root = await mkdtemp(join(tmpdir(), "ssekit-redis-"));
  const folder = join(root, "data");
  await mkdir(folder);
  const start = (): Promise<Program> =>
    startProgram(
      [
        path,
        "--port",
        `${port}`,
        "--bind",
        "127.0.0.1",
        "--save",
        "",
        "--appendonly",
        "yes",
        "--appendfsync",
        "always",
        "--dir",
        folder,
      ],
      {
        until: /Ready to accept connections/,
      },
    );
  let program = await start();
  let copies = 0;
  const kill = async (): Promise<void> => void (await program.stop("SIGKILL"));
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    command: (line) => sendCommand(port, line),
    kill,
    start: async () => {
      program = await start();
    },
    pause: () => void process.kill(program.pid, "SIGSTOP"),
    resume: () => void process.kill(program.pid, "SIGCONT"),
    async backUp() {
      copies += 1;
      const copy = join(root, `copy-${copies}`);
      // A file that is written to while it is copied would be torn.
      process.kill(program.pid, "SIGSTOP");
      await cp(folder, copy, { recursive: true });
      process.kill(program.pid, "SIGCONT");
      return copy;
    },
    async restore(copy) {
      await kill();
      await rm(folder, { recursive: true });
      await cp(copy, folder, { recursive: true });
      program = await start();
    },
    async close() {
      await kill();
      await rm(root, { recursive: true });
    },
  };
}

function sendCommand(port: number, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, "127.0.0.1", () => socket.end(`${line}\r\n`)).setEncoding("utf8");
    let reply = "";
    socket.on("data", (text) => {
      reply += text;
    });
    socket.on("error", reject);
    socket.on("close", () => resolve(reply));
  });
}
