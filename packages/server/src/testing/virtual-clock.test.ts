import { expect, it } from "vitest";
import { VirtualClock } from "./virtual-clock.ts";

it("VirtualClock ends the turn before time passes, and each tick is a turn of its own", () => {
  const clock = new VirtualClock();
  const order: string[] = [];
  const stop = clock.every(100, () => {
    order.push(`tick ${clock.now()}`);
    clock.afterTurn(() => order.push(`end ${clock.now()}`));
  });
  clock.afterTurn(() => {
    order.push("first");
    clock.afterTurn(() => order.push("second"));
  });
  clock.advance(250);
  expect(order).toEqual(["first", "second", "tick 100", "end 100", "tick 200", "end 200"]);
  expect(clock.now()).toBe(250);
  clock.sleep(1_000);
  expect(order.slice(6)).toEqual(["tick 1250", "end 1250"]);
  expect(clock.intervals).toBe(1);
  stop();
  expect(clock.intervals).toBe(0);
});
