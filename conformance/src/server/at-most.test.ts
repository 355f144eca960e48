import { describe, expect, it } from "vitest";
import { atMost } from "./at-most.ts";

describe("atMost()", () => {
  it("runs so many calls at once, and the others in their order as places come free", async () => {
    const running = new Map<string, () => void>();
    const call = atMost(2, (name: string) => new Promise<string>((resolve) => running.set(name, () => resolve(name))));
    const end = async (name: string): Promise<void> => {
      running.get(name)?.();
      running.delete(name);
      await new Promise((resolve) => setTimeout(resolve));
    };
    const all = Promise.all(["a", "b", "c", "d"].map(call));
    expect([...running.keys()]).toEqual(["a", "b"]);
    await end("b");
    expect([...running.keys()]).toEqual(["a", "c"]);
    await end("a");
    await end("c");
    await end("d");
    expect(await all).toEqual(["a", "b", "c", "d"]);
  });

  it("gives the place of one that fails to the next, and is as free as before when all have ended", async () => {
    let [running, most] = [0, 0];
    const call = atMost(1, async (isRight: boolean) => {
      most = Math.max(most, ++running);
      await Promise.resolve();
      running--;
      if (!isRight) throw new Error("no");
    });
    for (let round = 0; round < 2; round++) {
      const outcomes = await Promise.allSettled([call(false), call(true), call(false)]);
      expect(outcomes.map(({ status }) => status)).toEqual(["rejected", "fulfilled", "rejected"]);
    }
    expect(most).toBe(1);
  });
});
