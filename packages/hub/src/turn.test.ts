import { describe, expect, it } from "vitest";
import { channelScheduler, type Scheduler, turnScheduler } from "./turn.ts";

describe("turnScheduler()", () => {
  it("runs tasks after all microtasks of the turn: a microtask batches nothing (HUB C2)", async () => {
    const schedule = turnScheduler();
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      schedule(() => {
        seen.push("task");
        resolve();
      });
      void Promise.resolve()
        .then(() => Promise.resolve())
        .then(() => seen.push("microtask"));
    });
    expect(seen).toEqual(["microtask", "task"]);
  });
});

describe.each([
  ["turnScheduler()", turnScheduler],
  ["channelScheduler()", channelScheduler],
])("%s", (_, create: () => Scheduler) => {
  it("runs tasks later, each once and in order", async () => {
    const schedule = create();
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      schedule(() => seen.push("first"));
      schedule(() => {
        seen.push("second");
        resolve();
      });
      seen.push("now");
    });
    expect(seen).toEqual(["now", "first", "second"]);
  });

  it("goes on after a task that schedules another", async () => {
    const schedule = create();
    await new Promise<void>((resolve) => schedule(() => schedule(resolve)));
  });
});
