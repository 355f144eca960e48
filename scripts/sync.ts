// Writes every generated file anew.
import { build } from "./build.ts";

await import("./sync-umbrella.ts");
await import("./sync-deno.ts");
if (!(await build())) process.exit(1);
await import("./sync-sizes.ts");
await import("./sync-parser-cases.ts");
await import("./sync-docs.ts");
await import("./sync-rules.ts");
await import("./sync-benchmarks.ts");
