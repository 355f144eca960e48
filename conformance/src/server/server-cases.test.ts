import { afterAll, describe, expect, it } from "vitest";
import { ReferenceServer } from "../../mutants/servers/reference-server.ts";
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
  const driver = new CountedServer();
  const cases = serverCases(driver, { cursorQuery: "lastEventId" });
  afterAll(() => driver.stop());

  describe("of a server that is right", () => {
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

  it("rejects with the rule, and what came", async () => {
    const forging = new ReferenceServer();
    forging.linesOf = (data) => [data];
    const bound = serverCases(forging).find(({ id }) => id === "server/injection/data-lf");
    await expect(bound?.run()).rejects.toThrow(/A publisher forged.*expected: /s);
    await forging.stop();
  });
});
