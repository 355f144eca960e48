import { afterAll, describe, expect, it } from "vitest";
import { ReferenceProxy } from "../../mutants/proxies/reference-proxy.ts";
import { proxyCases } from "./proxy-cases.ts";

const onNode = process.versions.bun === undefined && process.versions.deno === undefined;
const durations = { within: 20_000, idle: 300, prompt: 2_000 };

/** A proxy that begins with the first case, behind which the suite's origin listens. */
async function casesOf(Kind: typeof ReferenceProxy): Promise<Awaited<ReturnType<typeof proxyCases>>> {
  let proxy: ReferenceProxy | undefined;
  const { cases, close } = await proxyCases({
    originPort: 0,
    url: (originPort) => {
      proxy = new Kind(originPort);
      return proxy.start();
    },
    durations,
    seed: 7,
  });
  const closeBoth = async (): Promise<void> => {
    await proxy?.stop();
    await close();
  };
  return { cases, close: closeBoth };
}

describe.runIf(onNode)("proxyCases()", async () => {
  if (!onNode) return;
  const { cases, close } = await casesOf(ReferenceProxy);
  afterAll(close);

  describe("of a proxy that is right", () => {
    for (const { id, run } of cases) it.concurrent(id, run, 120_000);
  });

  it("rejects with the rule, what came, and how to repair it", async () => {
    class Renaming extends ReferenceProxy {
      override response(...args: Parameters<ReferenceProxy["response"]>): ReturnType<ReferenceProxy["response"]> {
        const { first, fields } = super.response(...args);
        return { first, fields: fields.map((field) => field.replace("text/event-stream", "text/plain")) };
      }
    }
    const wrong = await casesOf(Renaming);
    try {
      const bound = wrong.cases.find(({ id }) => id === "proxy/head/content-type");
      const message = await bound?.run().catch((error: Error) => error.message);
      for (const part of ["text/event-stream", "text/plain", "repair: ", "rfc9110#section-5.1", "seed: 7"]) {
        expect(message).toContain(part);
      }
    } finally {
      await wrong.close();
    }
  });
});
