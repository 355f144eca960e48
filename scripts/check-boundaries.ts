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
  const linted = plants.filter(({ gate }) => gate === "biome");
  const lintOutput = await lintAll(linted);
  for (const [index, plant] of linted.entries()) report(plant, linesAbout(moduleName(index), lintOutput));
  for (const plant of plants) if (plant.gate !== "biome") report(plant, await gateOutput(plant));
} finally {
  rmSync(copy, { recursive: true, force: true });
}

function report({ kind, says }: Plant, output: string): void {
  const caught = output.includes(says);
  console.log(`${caught ? "caught" : "MISSED"}  ${kind}`);
  if (caught) return;
  console.log(output);
  process.exitCode = 1;
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

/** What Biome says of all that it must catch, a line for each finding; at once, for it reads the whole tree each time. */
async function lintAll(linted: readonly Plant[]): Promise<string> {
  const modules = linted.map(({ folder }, index) => join(copy, folder, "src", moduleName(index)));
  for (const [index, { source }] of linted.entries()) writeFileSync(modules[index] ?? "", `${source}\n`);
  const { output } = await run("biome", ["lint", "--reporter=github", "--max-diagnostics=none", ...modules], {
    cwd: copy,
  });
  for (const module of modules) rmSync(module);
  return output;
}

async function gateOutput({ folder, source, declare = {}, gate }: Plant): Promise<string> {
  const module = join(copy, folder, "src/planted.ts");
  writeFileSync(module, `${source}\n`);
  const undo = Object.entries(declare).map(([where, name]) =>
    declareDependency(join(copy, where, "package.json"), name),
  );
  const args = gate === "turbo" ? ["boundaries"] : ["-p", join(copy, folder, "tsconfig.build.json"), "--noEmit"];
  const { ok, output } = await run(gate, args, { cwd: copy });
  rmSync(module);
  for (const restore of undo) restore();
  return ok ? "" : output;
}

function moduleName(index: number): string {
  return `planted-${index}.ts`;
}

function linesAbout(name: string, output: string): string {
  return output
    .split("\n")
    .filter((line) => line.includes(name))
    .join("\n");
}

/** Adds a dependency to a manifest, and gives the way back. */
function declareDependency(file: string, name: string): () => void {
  const before = readFileSync(file, "utf8");
  const manifest = JSON.parse(before) as { dependencies: Record<string, string> };
  manifest.dependencies[name] = "^0.0.0";
  writeFileSync(file, JSON.stringify(manifest));
  return () => writeFileSync(file, before);
}
