import { expect, it } from "vitest";
import { runKillLoop } from "./kill-loop.ts";

it("loses nothing acknowledged when both writers of a file are killed while they append (HUB A8)", async () => {
  const { acknowledged, lost, disordered } = await runKillLoop(2);
  expect({ lost, disordered }).toEqual({ lost: [], disordered: [] });
  expect(acknowledged).toBeGreaterThan(90);
}, 60_000);
