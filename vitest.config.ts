import { globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { configDefaults, defineConfig } from "vitest/config";

// Inline projects, for directory projects do not inherit this file's conditions.
const source = { resolve: { conditions: ["@ssekit/source"] }, ssr: { resolve: { conditions: ["@ssekit/source"] } } };
const children = (dir: string): string[] => globSync(`${dir}/*/package.json`).map(dirname);
const roots = [...children("packages"), "conformance", "benchmarks", ...children("examples"), "tools/testing"];

// A shared machine may be slow, and `npm run test:long` asks for many runs of each property.
const patience = (process.env.CI ? 5 : 1) * (process.env.FC_NUM_RUNS ? 20 : 1);

// What takes minutes belongs to `npm run test:long` alone, which runs it on the repository's own Node.
const long = process.env.LONG_TESTS ? [] : ["**/*.long.test.ts"];
// The servers, proxies and clients that test the suite itself are Node programs, and what drives a browser says nothing
// about the runtime that drives it: the repository's own Node shows all of it.
const elsewhere = ["mutants/{servers,proxies,clients}/**", "subjects/{servers,proxies}/**", "**/*.browser.test.ts"];
const isOwnNode = process.versions.bun === undefined && !("Deno" in globalThis) && /^26\./.test(process.versions.node);
const exclude = [...configDefaults.exclude, ...long, ...(isOwnNode ? [] : elsewhere)];

export default defineConfig({
  ...source,
  test: {
    testTimeout: 5000 * patience,
    hookTimeout: 10_000 * patience,
    expect: { poll: { timeout: 4000 * patience } },
    setupFiles: [join(import.meta.dirname, "scripts/fast-check-setup.ts")],
    projects: roots.map((root) => ({
      extends: true,
      test: {
        name: (JSON.parse(readFileSync(`${root}/package.json`, "utf8")) as { name: string }).name,
        root,
        include: ["**/*.test.ts"],
        exclude,
      },
    })),
  },
});
