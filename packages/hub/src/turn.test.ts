import { describe, expect, it } from "vitest";
import { channelScheduler, type Scheduler, turnScheduler } from "./turn.ts";

describe.each([
  ["turnScheduler()", turnScheduler],
  ["channelScheduler()", channelScheduler],
])("%s", (_, create: () => Scheduler) => {
  it("runs tasks in order, after all microtasks of the turn (HUB C2)", async () => {
    const schedule = create();
    const seen: string[] = [];
    await new Promise<void>((resolve) => {
      schedule(() => seen.push("first"));
      schedule(() => {
        seen.push("second");
        resolve();
      });
      void Promise.resolve()
        .then(() => Promise.resolve())
        .then(() => seen.push("microtask"));
    });
    expect(seen).toEqual(["microtask", "first", "second"]);
  });

  it("goes on after a task that schedules another", async () => {
    const schedule = create();
    await new Promise<void>((resolve) => schedule(() => schedule(resolve)));
  });
});
