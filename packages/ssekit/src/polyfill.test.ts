import { join } from "node:path";
import { bundlePage } from "testing";
import { expect, it } from "vitest";

it("is kept by a bundler, though it exports nothing", async () => {
  expect(await bundlePage(join(import.meta.dirname, "../test/polyfilled-page.ts"))).toContain(
    'defineProperty(globalThis, "EventSource"',
  );
});
