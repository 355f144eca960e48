import { existsSync, globSync, rmSync } from "node:fs";
import { join } from "node:path";
import { root } from "./ensure-install.mjs";
import { publishedPackages } from "./workspaces.ts";

/** Removes from each `dist` what no source stands behind any more: neither tsc nor turbo's cache does, and npm packs it. */
export function removeStaleOutput(): void {
  for (const { folder } of publishedPackages()) {
    const dist = join(root, folder, "dist");
    for (const file of globSync("**/*.{js,d.ts,js.map,d.ts.map}", { cwd: dist })) {
      const source = join(root, folder, "src", file.replace(/(\.d)?(\.js|\.ts)(\.map)?$/, ""));
      if (![".ts", ".tsx"].some((ending) => existsSync(source + ending))) rmSync(join(dist, file));
    }
  }
}
