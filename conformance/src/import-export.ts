import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";
import { AttachmentError } from "./attachment.ts";

/**
 * What a module exports, as the command line names it.
 *
 * @param specifier `file#export`, or `file` for its default export; a package that is installed in the current folder
 * will do for a file.
 * @param subject what it is to be, for errors: `client`.
 */
export async function importExport(specifier: string, subject: string): Promise<unknown> {
  const [path = "", name = "default"] = specifier.split("#");
  let exported: Record<string, unknown>;
  try {
    exported = await import(addressOf(path));
  } catch (error) {
    throw new AttachmentError(
      `Cannot attach the ${subject} ${specifier}: importing ${path} failed: ${firstLine(error)}`,
    );
  }
  if (name in exported) return exported[name];
  const names = Object.keys(exported).join(", ") || "nothing";
  throw new AttachmentError(
    `Cannot attach the ${subject} ${specifier}: the module exports ${names}; name one behind #`,
  );
}

function firstLine(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";
}

function addressOf(path: string): string {
  if (existsSync(path)) return pathToFileURL(path).href;
  if (/^[./]|^[a-z]:/i.test(path)) throw new Error("there is no such file");
  return pathToFileURL(createRequire(pathToFileURL("./")).resolve(path)).href;
}
