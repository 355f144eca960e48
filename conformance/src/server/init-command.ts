import { readFile, writeFile } from "node:fs/promises";
import { Command } from "commander";
import { AttachmentError } from "../attachment.ts";
import type { Output } from "../cli/output.ts";
import { driverTemplate } from "./driver-template.ts";

/** Where `init` writes: a module, whatever package.json says of `.js`. */
const DRIVER_FILE = "conformance-driver.mjs";

/** `ssekit-conformance server init`: writes a driver for the project in this folder. */
export function initCommand({ stdout }: Output): Command {
  return new Command("init")
    .description(`write ${DRIVER_FILE}, for the libraries that package.json names`)
    .action(async () => {
      const written = await writeDriver();
      const next = `ssekit-conformance server --driver ${written}`;
      stdout.write(`Wrote ${written}. Fill in what it asks for, then run:\n  ${next}\n`);
    });
}

async function writeDriver(): Promise<string> {
  const manifest = await readManifest();
  try {
    // "wx": a driver that somebody has filled in stays.
    await writeFile(DRIVER_FILE, driverTemplate(manifest), { flag: "wx" });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    throw new AttachmentError(`Cannot write ${DRIVER_FILE}: it is there already; remove it first`);
  }
  return DRIVER_FILE;
}

async function readManifest(): Promise<Manifest> {
  let text: string;
  try {
    text = await readFile("package.json", "utf8");
  } catch {
    return {};
  }
  try {
    return JSON.parse(text) as Manifest;
  } catch (error) {
    throw new AttachmentError(`Cannot read package.json: ${(error as Error).message}`);
  }
}

/** What `init` looks at. */
export interface Manifest {
  readonly type?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}
