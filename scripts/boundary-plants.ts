/** One violation of an import rule: what to write into a copy of the tree, and which gate must say what about it. */
export interface Plant {
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

const core = ["codec", "server", "hub", "client"];

/** A violation of each kind. */
export const plants: Plant[] = [
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
  forbidden("hub", "@ssekit/hub-sqlite"),
  forbidden("hub-sqlite", "@ssekit/server"),
  forbidden("hub-sqlite", "@ssekit/hub-redis"),
  forbidden("hub-redis", "@ssekit/hub-sqlite"),
  forbidden("hub-redis", "@ssekit/server"),
  forbidden("node", "@ssekit/hub"),
  forbidden("bun", "@ssekit/hub"),
  forbidden("bun", "@ssekit/node"),
  forbidden("deno", "@ssekit/hub"),
  forbidden("deno", "@ssekit/bun"),
  forbidden("client", "@ssekit/server"),
  forbidden("client", "@ssekit/hub"),
  forbidden("hub", "@ssekit/client"),
  forbidden("server", "@ssekit/client"),
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
  linted("a development dependency in source", "hub", 'import "vitest";', "noUndeclaredDependencies"),
  ...core.map((name) => linted(`node: in ${name}`, name, 'import "node:fs";', "noNodejsModules")),
  linted("a Node module without node: in hub", "hub", 'import "fs";', "noNodejsModules"),
  ...["process", "Buffer", "Deno", "Bun", "window"].flatMap((global) =>
    core.map((name) => linted(`${global} in ${name}`, name, `console.log(${global});`, "noRestrictedGlobals")),
  ),
  ...core.map(
    (name): Plant => ({
      kind: `a runtime's types in ${name}`,
      folder: `packages/${name}`,
      source: "console.log(setImmediate);",
      gate: "tsc",
      says: "Cannot find name 'setImmediate'",
    }),
  ),
  ...['"data: x\\n\\n"', "`id: $" + "{7}\\n`", '"\\nretry: 5"', '": ping\\n\\n"'].map((text) =>
    linted(`wire text outside codec: ${text}`, "node", `console.log(${text});`, "Cannot write wire text here"),
  ),
];

/** A dependency that is declared, and against the direction. */
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

function linted(kind: string, name: string, source: string, says: string): Plant {
  return { kind, folder: `packages/${name}`, source, gate: "biome", says };
}
