import { arch, platform } from "node:os";

/** What the suite runs on, for reports: `Node.js 26.10.0, linux x64`. */
export function runtimeName(): string {
  const { bun, deno, node } = process.versions;
  const name = bun ? `Bun ${bun}` : deno ? `Deno ${deno}` : `Node.js ${node}`;
  return `${name}, ${platform()} ${arch()}`;
}
