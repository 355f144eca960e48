// Plants a violation of each kind of import rule in a copy of the tree, and shows that its gate fails on it.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Plant, plants } from "./boundary-plants.ts";
import { root } from "./ensure-install.mjs";
import { run } from "./run-command.ts";

const copy = copyTree();
try {
  for (const plant of plants) {
    const output = await gateOutput(plant);
    const caught = output.includes(plant.says);
    console.log(`${caught ? "caught" : "MISSED"}  ${plant.kind}`);
    if (!caught) {
      console.log(output);
      process.exitCode = 1;
    }
  }
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function copyTree(): string {
  const target = mkdtempSync(join(tmpdir(), "ssekit-boundaries-"));
  const list = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    cwd: root,
    encoding: "utf8",
  });
  for (const path of list.split("\0").filter(Boolean)) {
    cpSync(join(root, path), join(target, path), { recursive: true });
  }
  symlinkSync(join(root, "node_modules"), join(target, "node_modules"));
  return target;
}

async function gateOutput({ folder, source, declare = {}, gate }: Plant): Promise<string> {
  const module = join(copy, folder, "src/planted.ts");
  writeFileSync(module, `${source}\n`);
  const undo = Object.entries(declare).map(([where, name]) =>
    declareDependency(join(copy, where, "package.json"), name),
  );
  const commands: Record<Plant["gate"], string[]> = {
    turbo: ["boundaries"],
    biome: ["lint", module],
    tsc: ["-p", join(copy, folder, "tsconfig.build.json"), "--noEmit"],
  };
  const { ok, output } = await run(gate, commands[gate], { cwd: copy });
  rmSync(module);
  for (const restore of undo) restore();
  return ok ? "" : output;
}

/** Adds a dependency to a manifest, and gives the way back. */
function declareDependency(file: string, name: string): () => void {
  const before = readFileSync(file, "utf8");
  const manifest = JSON.parse(before) as { dependencies: Record<string, string> };
  manifest.dependencies[name] = "^0.0.0";
  writeFileSync(file, JSON.stringify(manifest));
  return () => writeFileSync(file, before);
}
