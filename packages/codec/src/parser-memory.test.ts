import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { describe, expect, it } from "vitest";
import { createParser } from "./parser.ts";

describe("createParser", () => {
  const chunkLength = 2 ** 18;
  const chunks = 200;

  // 50 MiB are fed, of which 200 strings are kept: their pieces of 8448 are 1.7 MB, whole chunks would be 52 MB.
  for (const form of ["bytes", "strings"] as const) {
    it(`holds no chunk of ${form} for the sake of a string that a callback keeps`, () => {
      const kept: string[] = [];
      let wanted = false;
      const parser = createParser({
        onEvent({ data }): void {
          if (wanted) kept.push(data);
          wanted = false;
        },
      });
      const before = usedMemory();
      for (let i = 0; i < chunks; i++) {
        const line = `data: a string of its own, of chunk ${i}\n\n`;
        const text = line.repeat(chunkLength / line.length);
        wanted = true;
        parser.feed(form === "bytes" ? new TextEncoder().encode(text) : text);
      }
      const held = usedMemory() - before;
      expect(kept.length).toBe(chunks);
      expect(held).toBeLessThan((chunks * chunkLength) / 8);
    });
  }

  // As a string that is joined when it is read, each line would hold some 60 bytes until its event is whole.
  it("holds an unfinished event of many lines in little more than its characters", () => {
    const lines = 500_000;
    const parser = createParser({ onEvent() {} });
    const chunk = new TextEncoder().encode("data: x\n".repeat(2000));
    const before = usedMemory();
    for (let fed = 0; fed < lines; fed += 2000) parser.feed(chunk);
    expect(usedMemory() - before).toBeLessThan(lines * 10);
    expect(parser.stopped).toBe(false);
  });
});

// Helpers

function usedMemory(): number {
  const { Bun: bun } = globalThis as { Bun?: { gc(force: boolean): void } };
  if (bun !== undefined) bun.gc(true);
  else {
    setFlagsFromString("--expose-gc");
    (runInNewContext("gc") as () => void)();
  }
  return process.memoryUsage().heapUsed;
}
