import { readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

// Inline projects, for directory projects do not inherit this file's conditions.
const source = { resolve: { conditions: ["@ssekit/source"] }, ssr: { resolve: { conditions: ["@ssekit/source"] } } };
const children = (dir: string): string[] => readdirSync(dir).map((name) => `${dir}/${name}`);
const roots = [...children("packages"), "conformance", "benchmarks", ...children("examples"), "tools/testing"];

export default defineConfig({
  ...source,
  test: {
    projects: roots.map((root) => ({
      extends: true,
      test: {
        name: (JSON.parse(readFileSync(`${root}/package.json`, "utf8")) as { name: string }).name,
        root,
        include: ["**/*.test.ts"],
      },
    })),
  },
});
