import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type Program, startProgram } from "./program.ts";
import type { ProxyOptions } from "./start-nginx.ts";

/**
 * Starts HAProxy from the path that `describeWith("haproxy", ...)` gives, with a master as its service has, and waits
 * until it listens. `SIGUSR2` to its process id reloads it.
 */
export async function startHaproxy(path: string, { config, folder }: ProxyOptions): Promise<Program> {
  const file = join(folder, "haproxy.cfg");
  await writeFile(file, config);
  return startProgram([path, "-W", "-f", file], { until: /Loading success/ });
}
