import { describe, expect, it } from "vitest";
import type { Position } from "./event-log.ts";
import { judgeLoss } from "./judge-loss.ts";

describe("judgeLoss()", () => {
  it("asks for no loss where retention removed nothing", async () => {
    const log = scripted([undefined]);
    expect(await log.judge()).toEqual({ answer: undefined, isLoss: false });
    expect(log.losses).toBe(0);
  });

  it("tells a loss where delivery goes on by now, so that what was removed meanwhile lies before it (DESIGN.md 4.3)", async () => {
    const log = scripted([at(3), at(5)], [true]);
    expect(await log.judge()).toEqual({ answer: at(5), isLoss: true });
  });

  it("goes on at the first floor where nothing up to there was lost, whatever was removed since", async () => {
    const log = scripted([at(3), at(5)], [false]);
    expect(await log.judge()).toEqual({ answer: at(3), isLoss: false });
  });

  it("judges anew where the store went back to an older copy between two questions (HUB A3)", async () => {
    expect(await scripted([at(3), at(1), at(1)], [false, false]).judge()).toEqual({ answer: at(1), isLoss: false });
    expect(await scripted([at(3), at(3, "other"), at(4)], [false, true]).judge()).toEqual({
      answer: at(4),
      isLoss: true,
    });
    expect(await scripted([at(3), undefined], [false]).judge()).toEqual({ answer: undefined, isLoss: false });
    expect(await scripted([at(3), undefined], [true]).judge()).toEqual({ answer: undefined, isLoss: false });
  });
});

// Helpers

function at(n: number, history = "e"): Position {
  return { n, cursor: `#${history}-${n}-0` };
}

/** A log that gives these answers, one after the other. */
function scripted(
  floors: (Position | undefined)[],
  losses: boolean[] = [],
): { losses: number; judge(): ReturnType<typeof judgeLoss<Position | undefined>> } {
  const log = {
    losses: 0,
    judge: () =>
      judgeLoss<Position | undefined>({
        ask: async () => floors.shift(),
        floorOf: (answer) => answer,
        isLoss: async () => {
          log.losses += 1;
          return losses.shift() ?? false;
        },
      }),
  };
  return log;
}
