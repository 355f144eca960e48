import { fileURLToPath } from "node:url";
import { type Browser, bundlePage, describeWith, PATIENCE, type Page, startBrowser } from "testing";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { EventLogServer } from "../test/event-log-server.ts";
import type { SharedEventSourceClient } from "./shared-event-source-client.ts";

/** What the page makes global. */
declare const client: SharedEventSourceClient;
declare const got: string[];
declare const channel: BroadcastChannel;
declare function release(): void;
declare function until(holds: () => boolean): Promise<void>;

const numbers = (from: number, to: number): string[] => Array.from({ length: to - from + 1 }, (_, i) => `${from + i}`);

/** How a tab dies. */
const close = (tab: Page): Promise<void> => tab.close();

/** Its renderer dies at once, and tells nobody anything. */
async function crash(tab: Page): Promise<void> {
  const session = await tab.createCDPSession();
  const crashed = new Promise((resolve) => tab.once("error", resolve));
  // It is never answered.
  void session.send("Page.crash").catch(() => {});
  await crashed;
}

for (const { binary, name, ways } of [
  { binary: "chromium", name: "Chromium", ways: { "is closed": close, crashes: crash } },
  // The driver of Firefox lets no tab crash, nor tells which process is whose.
  { binary: "firefox-esr", name: "Firefox", ways: { "is closed": close } },
]) {
  describeWith(binary, `SharedEventSourceClient in ${name}`, (path) => {
    let browser: Browser;
    let script: string;
    let server: EventLogServer;
    beforeAll(async () => {
      browser = await startBrowser(path);
      script = await bundlePage(fileURLToPath(new URL("../test/shared-page.ts", import.meta.url)));
    }, 120_000);
    afterAll(() => browser?.close());
    afterEach(async () => {
      server.close();
      await Promise.all((await browser.pages()).slice(1).map((page) => page.close()));
    });

    it("shares one connection between tabs, and tells each of every event once", async () => {
      const tabs = await openTabs(3);
      for (let i = 0; i < 10; i++) server.publish();
      for (const tab of tabs) expect(await gotInAll(tab, 10)).toEqual(numbers(1, 10));
      expect([server.connectedAt.length, server.connections]).toEqual([1, 1]);
      expect(await leaders(tabs)).toBe(1);
    }, 120_000);

    it.each(Object.entries<(tab: Page) => Promise<void>>(ways))(
      "goes on in another tab when the leading one %s, without a loss or a repeat",
      async (_how, die) => {
        const tabs = await openTabs(4);
        server.publish();
        for (let tabsLeft = 4; tabsLeft > 1; tabsLeft--) {
          for (const tab of tabs) await gotInAll(tab, 1);
          const leading = await leadingTab(tabs);
          tabs.splice(tabs.indexOf(leading), 1);
          const connections = server.connectedAt.length;
          server.publish();
          // The driver may take its time; the tabs that are left have the lock as soon as the tab is gone.
          await die(leading);
          const diedAt = Date.now();
          while (server.connectedAt.length === connections) {
            server.publish();
            await new Promise((resolve) => setImmediate(resolve));
            if (server.connectedAt.length === connections) await tabs[0]?.evaluate(() => client.readyState);
          }
          const took = (server.connectedAt.at(-1) as number) - diedAt;
          expect(took).toBeLessThan(1_000 * PATIENCE);
          await tabs[0]?.evaluate(() => until(() => client.readyState === 1));
          server.publish();
        }
        const [last] = tabs as [Page];
        await last.evaluate(() => until(() => client.state.leading && client.readyState === 1));
        server.publish();
        const all = await gotInAll(last, server.published);
        expect(all).toEqual(numbers(1, server.published));
      },
      120_000,
    );

    it("goes on when the connection is lost, and ends in all tabs with the stream", async () => {
      const tabs = await openTabs(2);
      server.publish();
      for (const tab of tabs) await gotInAll(tab, 1);
      server.cut();
      server.publish();
      for (const tab of tabs) expect(await gotInAll(tab, 2)).toEqual(["1", "2"]);
      server.refusal = "204 No Content";
      server.cut();
      for (const tab of tabs) {
        expect(await tab.evaluate(async () => (await client.closed).closeReason)).toBe("end");
      }
      expect(server.connectedAt.length).toBe(3);
    }, 120_000);

    it("tells what the tab that led told it, but not to tabs that came later, and continues where that one was", async () => {
      const [leading] = (await openTabs(1)) as [Page];
      // It leads on, by hand.
      await leading.evaluate(async () => {
        const name = `ssekit ${client.url}`;
        client.close();
        const channel = new BroadcastChannel(name);
        await new Promise<void>((resolve) => {
          void navigator.locks.request(name, () => {
            resolve();
            return new Promise((release) => Object.assign(globalThis, { channel, release }));
          });
        });
      });
      const next = await openTab();
      await leading.evaluate(() => {
        const event = (data: string, at: number): object => {
          return { kind: "event", key: data, at, event: { type: "message", data, lastEventId: "1" } };
        };
        channel.postMessage(event("early", Date.now()));
        // Told when the last tab is there, and not heard by it.
        channel.postMessage(event("missed", Date.now() + 3_600_000));
        channel.postMessage({ kind: "id", lastEventId: "7" });
      });
      expect(await gotInAll(next, 2)).toEqual(["early", "missed"]);
      const last = await openTab();
      await leading.evaluate(() => release());
      expect(await gotInAll(last, 1)).toEqual(["missed"]);
      await next.evaluate(() => until(() => client.state.leading && client.readyState === 1));
      expect([server.lastEventId, await gotInAll(next, 2)]).toEqual(["7", ["early", "missed"]]);
    }, 120_000);

    async function openTab(): Promise<Page> {
      const tab = await browser.newPage();
      await tab.goto(`${server.origin}/`);
      return tab;
    }

    async function openTabs(count: number): Promise<Page[]> {
      server = await EventLogServer.start(script);
      const tabs: Page[] = [];
      for (let i = 0; i < count; i++) {
        const tab = await openTab();
        await tab.evaluate(() => until(() => client.readyState === 1));
        tabs.push(tab);
      }
      return tabs;
    }
  });
}

/** All that a tab got, once it is so many. */
async function gotInAll(tab: Page, count: number): Promise<string[]> {
  return tab.evaluate(async (least) => {
    await until(() => got.length >= least);
    return got;
  }, count);
}

async function leadingTab(tabs: Page[]): Promise<Page> {
  for (;;) {
    for (const tab of tabs) if (await tab.evaluate(() => client.state.leading)) return tab;
  }
}

async function leaders(tabs: Page[]): Promise<number> {
  const leading = await Promise.all(tabs.map((tab) => tab.evaluate(() => client.state.leading)));
  return leading.filter(Boolean).length;
}
