import { describeWith, type Program, startHaproxy, startNginx } from "testing";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Attachment } from "../../src/attachment.ts";
import { bindCases } from "../../src/bind-cases.ts";
import { STRICT_LEVELS } from "../../src/gating-levels.ts";
import { PROXY_CASES } from "../../src/proxy/proxy-cases.ts";
import type { ProxySubject } from "../../src/proxy/proxy-subject.ts";
import { runCase } from "../../src/run-case.ts";
import { attachPlaced, haproxyOfDocs, nginxOfDocs, type Placed } from "./attach-placed.ts";

/** Limit of a test, in milliseconds: above that of every case. */
const TIMEOUT = 200_000;

describeWith("nginx", "nginx, as docs/deployment has it", (path) => {
  const start = async (placed: Placed, folder: string): Promise<Program> =>
    await startNginx(path, { config: await nginxOfDocs(placed), folder });
  describeProxy(start, {});
});

describeWith("haproxy", "HAProxy, as docs/deployment has it", (path) => {
  const start = async (placed: Placed, folder: string): Promise<Program> =>
    await startHaproxy(path, { config: await haproxyOfDocs(placed), folder });
  describeProxy(start, {
    "proxy/http2/server-breaks-off": "HAProxy 2.6 ends a response over HTTP/2 that broke off as if it were whole",
  });

  describe("without option http-no-delay", () => {
    const attached = attachedProxy(async (placed, folder) => {
      const config = (await haproxyOfDocs(placed)).replace("option http-no-delay\n", "\n");
      return await startHaproxy(path, { config, folder });
    });
    it(
      "is found to keep events for a while",
      async () => {
        const noDelay = PROXY_CASES.find(({ id }) => id === "proxy/buffering/no-delay");
        if (noDelay === undefined) throw new Error("Cannot find the case");
        const { signal } = new AbortController();
        const result = await runCase(noDelay, attached("http"), { seed: 1, signal });
        expect(result).toMatchObject({ verdict: "fail", message: "Events are kept" });
      },
      TIMEOUT,
    );
  });
});

/** Holds a proxy to every case, over HTTP/1.1 in the clear and over TLS, where HTTP/2 is offered too. */
function describeProxy(
  start: (placed: Placed, folder: string) => Promise<Program>,
  exceptions: Readonly<Record<string, string>>,
): void {
  const attached = attachedProxy(start);
  describe.each(["http", "https"] as const)("over %s", (scheme) => {
    for (const { id } of PROXY_CASES.filter((one) => !(one.id in exceptions))) {
      it.concurrent(
        id,
        async (test) => {
          const cases = PROXY_CASES.filter((one) => one.id === id);
          const [bound] = bindCases(cases, attached(scheme), { levels: STRICT_LEVELS });
          await bound?.run(test);
        },
        TIMEOUT,
      );
    }
  });
}

function attachedProxy(
  start: (placed: Placed, folder: string) => Promise<Program>,
): (scheme: "http" | "https") => Attachment<ProxySubject> {
  const attachments: Partial<Record<"http" | "https", Attachment<ProxySubject>>> = {};
  beforeAll(async () => {
    for (const scheme of ["http", "https"] as const) {
      attachments[scheme] = await attachPlaced({ scheme, start, durations: { within: 8_000, idle: 16_000 } });
    }
  }, TIMEOUT);
  afterAll(async () => {
    for (const attachment of Object.values(attachments)) await attachment.close();
  });
  return (scheme) => {
    const attachment = attachments[scheme];
    if (attachment === undefined) throw new Error(`Cannot find the proxy of ${scheme}: it did not start`);
    return attachment;
  };
}
