import { afterAll, describe, expect, it } from "vitest";
import type { Exchange } from "../../mutants/servers/exchange.ts";
import { ReferenceServer } from "../../mutants/servers/reference-server.ts";
import { STRICT_LEVELS } from "../gating-levels.ts";
import { serverCases } from "./server-cases.ts";

const onNode = process.versions.bun === undefined && process.versions.deno === undefined;

class CountedServer extends ReferenceServer {
  starts = 0;
  override start(): Promise<string> {
    this.starts += 1;
    return super.start();
  }
}

describe.runIf(onNode)("serverCases()", () => {
  describe("of a server that is right", () => {
    const driver = new CountedServer();
    const cases = serverCases(driver, { cursorQuery: "lastEventId" });
    afterAll(() => driver.stop());

    for (const { id, run } of cases.filter((one) => /^server\/(attach|head|injection|resume)\//.test(one.id))) {
      it(id, run, 60_000);
    }
  });

  it("starts the driver once, with the first case that runs", async () => {
    const lazy = new CountedServer();
    const [first, second] = serverCases(lazy);
    expect(lazy.starts).toBe(0);
    await first?.run();
    await second?.run();
    await lazy.stop();
    expect(lazy.starts).toBe(1);
  });

  it("counts no reader of the case before, whom the server has not forgotten yet", async () => {
    class LateServer extends ReferenceServer {
      override leave(exchange: Exchange): void {
        setTimeout(() => super.leave(exchange), 50);
      }
    }
    const late = new LateServer();
    const bound = serverCases(late, { levels: STRICT_LEVELS });
    for (const id of ["server/order/every-reader", "server/leave/forgotten-after-end"]) {
      await bound.find((one) => one.id === id)?.run();
    }
    await late.stop();
  });

  it("blames a server that leaves HEAD without an answer for that alone, unless it counts it as a reader", async () => {
    class SilentServer extends ReferenceServer {
      subscribes = false;
      override answerHead(exchange: Exchange): void {
        if (this.subscribes) this.subscribers.add(exchange);
      }
    }
    const silent = new SilentServer();
    const bound = serverCases(silent, { levels: STRICT_LEVELS, durations: { within: 300 } });
    const skipped: string[] = [];
    const run = (id: string): Promise<void> | undefined =>
      bound.find((one) => one.id === id)?.run({ skip: (note: string) => skipped.push(note) });
    await run("server/method/head-registers-nobody");
    expect(skipped).toEqual(["HEAD has no answer"]);
    await expect(run("server/method/head-is-answered")).rejects.toThrow(/HEAD has no answer/);
    // Unless it has taken its sender for a reader, who has yet to leave.
    silent.subscribes = true;
    await expect(run("server/method/head-registers-nobody")).rejects.toThrow(/HEAD was counted as a reader/);
    await silent.stop();
  });

  it("rejects with the rule, and what came", async () => {
    const forging = new ReferenceServer();
    forging.linesOf = (data) => [data];
    const bound = serverCases(forging).find(({ id }) => id === "server/injection/data-lf");
    await expect(bound?.run()).rejects.toThrow(/A publisher forged.*expected: /s);
    await forging.stop();
  });
});
