// The examples of documents and doc comments compile as a user's program would: strict, against the built packages. Those
// that import nothing are parts of a program, and a block that is marked `ts ignore` needs files of the reader's.
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./ensure-install.mjs";
import { run } from "./run-command.ts";

const documents = ["*.md", "docs/**/*.md", "packages/*/README.md", "{conformance,benchmarks,examples}/README.md"];
const sources = ["packages/*/src/**/*.ts", "{conformance,benchmarks}/src/**/*.ts"];

/** What stands in the examples for the reader's own app, and for runtimes whose types are not installed here. */
const surroundings = `
declare const app: { get(path: string, handler: (first: any, second: any) => unknown): void };
type BunHandler = (request: Request, server: any) => unknown;
declare const Bun: { serve(options: { port?: number; fetch?: BunHandler; routes?: Record<string, BunHandler> }): any };
type DenoHandler = (request: Request) => unknown;
declare const Deno: { serve(handler: DenoHandler): any; serve(options: object, handler: DenoHandler): any };
declare module "*/my-parser.js" { export const createParser: any }
`;

const compilerOptions = {
  strict: true,
  skipLibCheck: false,
  noEmit: true,
  target: "es2023",
  module: "nodenext",
  lib: ["es2023", "dom", "dom.iterable", "dom.asynciterable"],
  jsx: "react-jsx",
  types: ["node"],
};

// Inside the workspace, where the names of its packages are found.
const folder = mkdtempSync(join(root, "node_modules/.examples-"));
try {
  writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions, include: ["*"] }));
  writeFileSync(join(folder, "surroundings.d.ts"), surroundings);
  for (const document of globSync([...documents, ...sources], { cwd: root, exclude: ["**/*.test.ts"] })) {
    // What a doc comment has before each line, a list in a document has too, but no example.
    const text = readFileSync(join(root, document), "utf8").replace(/^ *\* ?/gm, "");
    for (const { 1: language, 2: example = "", index } of text.matchAll(/^```(tsx?)\n([\s\S]*?)^```$/gm)) {
      if (!/^import /m.test(example)) continue;
      const line = text.slice(0, index).split("\n").length;
      writeFileSync(join(folder, `${document.replaceAll("/", "-")}-line-${line}.${language}`), example);
    }
  }
  const { ok, output } = await run("tsc", ["-p", folder]);
  if (!ok) {
    console.log(output);
    process.exitCode = 1;
  }
} finally {
  rmSync(folder, { recursive: true });
}
