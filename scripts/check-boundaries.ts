// Plants a violation of each kind of import rule in a copy of the tree, and shows that its gate fails on it.
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./ensure-install.mjs";
import { run } from "./run-command.ts";

/** One violation: what to write into the copy, and which gate must say what about it. */
interface Plant {
  kind: string;
  /** The package that breaks the rule. */
  folder: string;
  /** The module that breaks it. */
  source: string;
  /** Dependencies to declare first, by folder. */
  declare?: Record<string, string>;
  gate: "turbo" | "biome" | "tsc";
  /** A part of what the gate must say. */
  says: string;
}

const plants: Plant[] = [
  {
    kind: "an import that is not declared",
    folder: "packages/hub",
    source: 'import "@ssekit/server";',
    gate: "turbo",
    says: "cannot import package `@ssekit/server`",
  },
  forbidden("codec", "@ssekit/server"),
  forbidden("codec", "@ssekit/hub"),
  forbidden("server", "@ssekit/hub"),
  forbidden("hub", "@ssekit/server"),
  forbidden("node", "@ssekit/hub"),
  forbidden("node", "@ssekit/conformance"),
  forbidden("hub-server", "@ssekit/benchmarks"),
  forbidden("ssekit", "@ssekit/hub-server"),
  forbidden("server", "example-quickstart"),
  {
    kind: "a cycle",
    folder: "conformance",
    source: "",
    declare: { conformance: "@ssekit/benchmarks", benchmarks: "@ssekit/conformance" },
    gate: "turbo",
    says: "Circular package dependency",
  },
  {
    kind: "a relative path into another package",
    folder: "packages/hub",
    source: 'import "../../codec/src/mod.ts";',
    gate: "turbo",
    says: "leaves the package",
  },
  {
    kind: "a development dependency in source",
    folder: "packages/hub",
    source: 'import "vitest";',
    gate: "biome",
    says: "noUndeclaredDependencies",
  },
  {
    kind: "node: in a core package",
    folder: "packages/codec",
    source: 'import "node:fs";',
    gate: "biome",
    says: "noNodejsModules",
  },
  {
    kind: "a Node module without node: in a core package",
    folder: "packages/server",
    source: 'import "fs";',
    gate: "biome",
    says: "noNodejsModules",
  },
  ...["process", "Buffer", "Deno", "Bun", "window"].map(
    (name): Plant => ({
      kind: `${name} in a core package`,
      folder: "packages/hub",
      source: `console.log(${name});`,
      gate: "biome",
      says: "noRestrictedGlobals",
    }),
  ),
  {
    kind: "a runtime's types in a core package",
    folder: "packages/server",
    source: "console.log(setImmediate);",
    gate: "tsc",
    says: "Cannot find name 'setImmediate'",
  },
  ...['"data: x\\n\\n"', "`id: $" + "{7}\\n`", '"\\nretry: 5"', '": ping\\n\\n"'].map(
    (text): Plant => ({
      kind: `wire text outside codec: ${text}`,
      folder: "packages/node",
      source: `console.log(${text});`,
      gate: "biome",
      says: "Cannot write wire text here",
    }),
  ),
];

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

function forbidden(name: string, target: string): Plant {
  const folder = `packages/${name}`;
  return {
    kind: `${name} -> ${target}, declared`,
    folder,
    source: `import "${target}";`,
    declare: { [folder]: target },
    gate: "turbo",
    says: `Package \`${target}\` found without any tag listed in allowlist`,
  };
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
