import { chmodSync, existsSync, rmSync, symlinkSync } from "node:fs";
import { join, relative } from "node:path";
import { bin, root } from "./ensure-install.mjs";
import { publishedPackages } from "./workspaces.ts";

/**
 * Links the workspace's own programs, so that `npx @ssekit/conformance` runs the one of this clone: npm links no program
 * that isn't there when it installs, and these are built later.
 */
export function linkPrograms(): void {
  // There a program needs a shim of npm's own.
  if (process.platform === "win32") return;
  for (const { folder, manifest } of publishedPackages()) {
    for (const [name, path] of Object.entries(manifest.bin ?? {})) {
      const program = join(root, folder, path);
      if (!existsSync(program)) continue;
      chmodSync(program, 0o755);
      rmSync(join(bin, name), { force: true });
      symlinkSync(relative(bin, program), join(bin, name));
    }
  }
}
