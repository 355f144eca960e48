import { fileURLToPath } from "node:url";
import {
  bundlePage,
  describeWith,
  type RecordedRequest,
  type ScriptedConnection,
  ScriptedServer,
  startBrowser,
  startWebKit,
} from "testing";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Both } from "./compare-page.ts";
import { type Answer, comparisons, departures } from "./comparisons.ts";

/** A page of any engine. */
interface AnyPage {
  goto(url: string): Promise<unknown>;
  evaluate<T>(expression: string): Promise<T>;
  close(): Promise<void>;
}

type Engine = keyof typeof departures;

const engines: Record<Engine, { readonly binary: string; readonly start: (path: string) => Promise<AnyPage> }> = {
  Chromium: { binary: "chromium", start: startPage },
  Firefox: { binary: "firefox-esr", start: startPage },
  WebKit: { binary: "WebKitWebDriver", start: startWebKit },
};

/** Runs our EventSource beside the one of a browser, in one page and on the same answers. */
export function describeComparison(engine: Engine): void {
  const { binary, start } = engines[engine];
  describeWith(binary, `EventSource beside that of ${engine}`, (path) => {
    let page: AnyPage;
    let servers: ScriptedServer[];
    /** The requests for streams, and the answers that are left, by whose they are. */
    let requests: Record<string, string[]>;
    let answers: Record<string, Answer[]>;
    let connections: Record<string, ScriptedConnection>;
    beforeAll(async () => {
      const script = await bundlePage(fileURLToPath(new URL("./compare-page.ts", import.meta.url)));
      servers = [await ScriptedServer.start(), await ScriptedServer.start()];
      for (const [i, server] of servers.entries()) {
        server.script = (c, request) => {
          const [, cut, who = ""] = /^(\/cut)?\/(ours|native)\//.exec(request.path) ?? [];
          if (cut !== undefined) {
            connections[who]?.reset();
            return allow(c, request);
          }
          if (who !== "") {
            connections[who] = c;
            requests[who]?.push(describeRequest(i, request));
            const answer = request.method === "OPTIONS" ? allow : (answers[who]?.shift() ?? allow);
            return answer(c, request, servers[1 - i]?.origin ?? "");
          }
          const isScript = request.path === "/page.js";
          const type = isScript ? "text/javascript" : "text/html";
          const body = isScript ? script : '<!doctype html><script type="module" src="/page.js"></script>';
          c.head("200 OK", `Content-Type: ${type};charset=utf-8`).write(body).end();
        };
      }
      page = await start(path);
      await page.goto(`${servers[0]?.origin}/`);
    }, 120_000);
    afterAll(async () => {
      for (const server of servers) server.close();
      await page?.close();
    });

    it("has the same interface", async () => {
      const { ours, native } = await page.evaluate<Both>("compareInterface()");
      expect(ours).toEqual(native);
    }, 60_000);

    for (const [name, comparison] of Object.entries(comparisons)) {
      const departure = departures[engine][name];
      const title = `lets a page see the same, and sends the same: ${name}`;
      it(departure === undefined ? title : `differs: ${name}. ${departure}`, async () => {
        const { answers: plan, elsewhere, withCredentials, mostLosses = 4 } = comparison;
        requests = { ours: [], native: [] };
        answers = { ours: [...plan], native: [...plan] };
        connections = {};
        const args = [servers[elsewhere ? 1 : 0]?.origin, encodeURIComponent(name), mostLosses, { withCredentials }];
        const { ours, native } = await page.evaluate<Both>(`compare(...${JSON.stringify(args)})`);
        const both = [
          { seen: ours, sent: requests.ours },
          { seen: native, sent: requests.native },
        ] as const;
        // A departure that an engine repairs is a line to delete.
        if (departure === undefined) expect(both[0]).toEqual(both[1]);
        else expect(both[0]).not.toEqual(both[1]);
      }, 60_000);
    }
  });
}

async function startPage(path: string): Promise<AnyPage> {
  const browser = await startBrowser(path);
  const page = await browser.newPage();
  return {
    goto: (url) => page.goto(url),
    evaluate: <T>(expression: string) => page.evaluate(expression) as Promise<T>,
    close: () => browser.close(),
  };
}

/** What every origin may read: nothing, and no reason to come again. */
function allow(c: ScriptedConnection, { headers }: RecordedRequest): void {
  const fields = { Origin: headers.origin ?? "*", Credentials: "true", Headers: "last-event-id, cache-control" };
  const allowed = Object.entries(fields).map(([name, value]) => `Access-Control-Allow-${name}: ${value}`);
  c.head("204 No Content", ...allowed).end();
}

/** A request without whose it is. */
function describeRequest(server: number, { method, path, headers }: RecordedRequest): string {
  const fields = Object.entries(headers)
    .map(([name, value]) => `${name}: ${value}`)
    .sort();
  return [`server ${server}`, method, path.replace("/native/", "/ours/"), ...fields]
    .join("\n")
    .replaceAll("/native", "/ours");
}
