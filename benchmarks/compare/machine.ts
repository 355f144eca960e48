import { readFileSync } from "node:fs";
import { arch, availableParallelism, type } from "node:os";
import type { Result } from "./comparison.ts";

/** What kind of machine this is; nothing that tells which one. */
export const machine: Result["machine"] = { os: type(), arch: arch(), cores: availableParallelism() };

interface Manifest {
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
}

/** Packages of these manifests that say nothing about speed. */
const OTHERS = /^(?:@ssekit\/|@types\/|testing$|autocannon$|commander$|hdr-histogram-js$)/;

/** The runtimes and the peers, by name, as this repository pins them. */
export function versionsOf(): Record<string, string> {
  const own = readManifest("../package.json");
  const { deno = "", bun = "" } = readManifest("../../package.json").devDependencies;
  const peers = Object.entries(own.devDependencies).filter(([name]) => !OTHERS.test(name));
  return { Node: process.versions.node, Deno: deno, Bun: bun, ...Object.fromEntries(peers) };
}

function readManifest(path: string): Manifest {
  return JSON.parse(readFileSync(new URL(path, import.meta.url), "utf8")) as Manifest;
}
