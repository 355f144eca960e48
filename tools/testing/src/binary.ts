import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { describe, it } from "vitest";

/** The path of a program on PATH; `undefined` when it isn't there. */
export function findBinary(name: string): string | undefined {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return folders.map((folder) => join(folder, name)).find(isExecutable);
}

/**
 * Describes tests that need a program of the machine. Where it is missing they are skipped, which the summary counts
 * and a line on stderr explains; under `CI=true` a missing program is a failure instead, for there it must be installed.
 *
 * @example
 * ```ts
 * describeWith("chromium", "the live page", (chromium) => {
 *   it("opens", async () => void (await startBrowser(chromium)));
 * });
 * ```
 */
export function describeWith(binary: string, name: string, tests: (path: string) => void): void {
  const path = findBinary(binary);
  if (path !== undefined) {
    describe(name, () => tests(path));
  } else if (process.env.CI === "true") {
    it(`${name} finds ${binary}`, () => {
      throw new Error(`Cannot run the tests of ${name} under CI=true: install ${binary} so that it is on PATH`);
    });
  } else {
    console.warn(`Skipped the tests of ${name}: ${binary} is not on PATH`);
    describe.skip(`${name} (skipped: ${binary} is not on PATH)`, () => tests(binary));
  }
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    // A folder may be executable too.
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
