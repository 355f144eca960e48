import { expect, it } from "vitest";
import { runKillLoop } from "./kill-loop.ts";

it("loses nothing acknowledged in thirty kills of both writers (HUB A8)", async () => {
  const { acknowledged, lost, disordered } = await runKillLoop(30);
  console.log(`${acknowledged} entries were acknowledged to writers that were killed`);
  expect({ lost, disordered }).toEqual({ lost: [], disordered: [] });
}, 300_000);
