import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { AttachmentError } from "./attachment.ts";
import { inTime, START_DEADLINE } from "./in-time.ts";

/**
 * What a module exports, as the command line names it.
 *
 * @param specifier `file#export`, or `file` for its default export; a package that is installed in the current folder
 * will do for a file.
 * @param subject what it is to be, for errors: `client`.
 */
export async function importExport(specifier: string, subject: string): Promise<unknown> {
  const [path = "", name = "default"] = specifier.split("#");
  const what = `the ${subject} ${specifier}`;
  const exported = await importModule(path, what);
  if (name in exported) return exported[name];
  const names = Object.keys(exported).join(", ") || "nothing";
  throw new AttachmentError(`Cannot attach ${what}: the module exports ${names}; name one behind #`);
}

/**
 * All that a module exports.
 *
 * @param path a file, or a package that is installed in the current folder.
 * @param what it is to be, for errors: `the client ./client.js#Client`.
 */
export async function importModule(path: string, what: string): Promise<Record<string, unknown>> {
  try {
    const address = addressOf(path);
    return await inTime(() => import(address), START_DEADLINE);
  } catch (error) {
    throw new AttachmentError(`Cannot attach ${what}: importing ${path} failed: ${firstLine(error)}`);
  }
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}

function addressOf(path: string): string {
  if (existsSync(path)) return pathToFileURL(path).href;
  if (/^[./]|^[a-z]:/i.test(path)) throw new Error("there is no such file");
  return pathToFileURL(createRequire(pathToFileURL("./")).resolve(path)).href;
}
