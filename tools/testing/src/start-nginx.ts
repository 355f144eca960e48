import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Program, startProgram } from "./program.ts";

/** A proxy's configuration, and a folder of the test's own for what the proxy writes. */
export interface ProxyOptions {
  readonly config: string;
  readonly folder: string;
}

/**
 * Starts nginx from the path that `describeWith("nginx", ...)` gives, and waits until it listens. What it writes goes to
 * the folder. `SIGHUP` to its process id reloads it.
 */
export async function startNginx(path: string, { config, folder }: ProxyOptions): Promise<Program> {
  const file = join(folder, "nginx.conf");
  const kinds = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  const paths = kinds.map((kind) => `${kind}_temp_path ${join(folder, kind)};`).join(" ");
  await writeFile(file, config.replace(/^http \{$/m, `http { access_log off; ${paths}`));
  // Started by root, nginx has workers that are not root and have to reach what is theirs in it.
  await chmod(folder, 0o755);
  const main = `daemon off; pid ${join(folder, "nginx.pid")}; error_log stderr notice;`;
  return startProgram([path, "-e", "stderr", "-p", folder, "-c", file, "-g", main], {
    until: /start worker process \d/,
    // SIGKILL would leave its workers.
    killSignal: "SIGTERM",
  });
}
