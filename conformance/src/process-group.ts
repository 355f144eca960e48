import type { ChildProcess } from "node:child_process";

const isPosix = process.platform !== "win32";

/**
 * An option of `spawn` that gives a command a process group of its own, where there are such: then its end can reach what
 * it has started too, for `sh -c`, `npm run` and the like pass no signal on. Ctrl-C does not reach the group by itself.
 */
export const ownGroup: { readonly detached: boolean } = { detached: isPosix };

/** Sends a signal to a command that was started in its {@linkcode ownGroup}, and to all that is left of the group. */
export function killGroup(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): void {
  if (child.pid === undefined) return;
  if (!isPosix) {
    child.kill(signal);
    return;
  }
  try {
    process.kill(-child.pid, signal);
  } catch (error) {
    // It has ended; the system of a Mac says EPERM where its parent has not heard of that yet.
    if (!["ESRCH", "EPERM"].includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  }
}
