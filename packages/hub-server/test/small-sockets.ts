import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Bytes that a socket may hold unsent. Without this the system takes 4 MB for each reader before one is blocked (HUB C1). */
const LOWAT = { file: "/proc/sys/net/ipv4/tcp_notsent_lowat", bytes: "16384" };

/** Whether this process is where sockets hold little. */
export function isInSmallSockets(): boolean {
  return readFileSync(LOWAT.file, "utf8").trim() === LOWAT.bytes;
}

/**
 * Runs a program where the setting is its own, and nobody else's on this machine: in a network namespace with a loopback.
 * Gives its exit code, that of `unshare` where no namespace can be made, `null` where one of the two was killed.
 */
export function runInSmallSockets(command: readonly string[], stdio: "inherit" | "ignore"): number | null {
  const prepare = `ip link set lo up && echo ${LOWAT.bytes} > ${LOWAT.file} && exec "$@"`;
  return spawnSync("unshare", ["--map-root-user", "--net", "sh", "-c", prepare, "sh", ...command], { stdio }).status;
}

/** Whether this user may do so on this machine: many containers forbid it. */
export function hasSmallSockets(): boolean {
  return runInSmallSockets(["true"], "ignore") === 0;
}
