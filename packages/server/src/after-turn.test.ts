import { describe, expect, it } from "vitest";
import { afterTurn, createAfterTurn } from "./after-turn.ts";

describe.each([
  ["afterTurn()", afterTurn],
  ["createAfterTurn() without setImmediate", createAfterTurn({ MessageChannel })],
])("%s", (_name, schedule) => {
  const turnEnd = (): Promise<void> => new Promise((resolve) => schedule(resolve));

  it("calls back after all microtasks of the turn (HUB C2)", async () => {
    const order: string[] = [];
    const end = turnEnd().then(() => order.push("end"));
    let microtask = Promise.resolve();
    for (let n = 0; n < 10; n++) microtask = microtask.then(() => void order.push("microtask"));
    await end;
    expect(order).toEqual([...Array(10).fill("microtask"), "end"]);
  });

  it("keeps the order of those who asked", async () => {
    const order: number[] = [];
    schedule(() => order.push(1));
    schedule(() => order.push(2));
    await turnEnd();
    expect(order).toEqual([1, 2]);
  });

  it("gives what a callback asks for a turn of its own", async () => {
    const order: string[] = [];
    const nested = new Promise<void>((resolve) => {
      schedule(() => {
        schedule(() => resolve(void order.push("nested")));
        order.push("first");
      });
      schedule(() => order.push("second"));
    });
    await nested;
    expect(order).toEqual(["first", "second", "nested"]);
  });
});

describe("createAfterTurn()", () => {
  it("asks for one macrotask a turn, however many ask for it", () => {
    const macrotasks: (() => void)[] = [];
    const schedule = createAfterTurn({ MessageChannel, setImmediate: (run) => macrotasks.push(run) });
    const order: number[] = [];
    schedule(() => order.push(1));
    schedule(() => order.push(2));
    expect(macrotasks).toHaveLength(1);
    macrotasks[0]?.();
    expect(order).toEqual([1, 2]);
    schedule(() => order.push(3));
    expect(macrotasks).toHaveLength(2);
  });
});
