import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Browser, bundlePage, describeWith, type Page, startBrowser } from "testing";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { EventLogServer } from "../test/event-log-server.ts";
import type { Probe } from "../test/react-page.tsx";
import type { EventSourceView } from "./react.ts";

/** What the page makes global. */
declare const shown: Map<string, EventSourceView[]>;
declare const heard: Map<string, string[]>;
declare const asked: number[];
declare const complaints: string[];
declare const reactVersion: string;
declare function show(probes: Probe[], html?: string): void;
declare function until(name: string, holds: (view: EventSourceView) => boolean): Promise<EventSourceView>;

const packageFolder = fileURLToPath(new URL("..", import.meta.url));

/** A module of a page, bundled with one React, for all browsers. */
const bundles = new Map<string, Promise<string>>();
function bundle(file: string, react: 18 | 19): Promise<string> {
  const key = `${file} ${react}`;
  const made = bundles.get(key) ?? bundlePage(file, { react });
  bundles.set(key, made);
  return made;
}

describeWith("chromium", "useEventSource in Chromium", (path) => {
  describeHook(path, [19, 18]);
});
describeWith("firefox-esr", "useEventSource in Firefox", (path) => {
  describeHook(path, [19]);
});

/** Describes the hook in one browser, on each of these versions of React. */
function describeHook(path: string, reacts: readonly (18 | 19)[]): void {
  let browser: Browser;
  let page: Page;
  let server: EventLogServer;
  beforeAll(async () => {
    browser = await startBrowser(path);
    page = await browser.newPage();
  }, 120_000);
  afterAll(() => browser?.close());
  afterEach(() => server.close());

  describe.each(reacts)("with React %i", (react) => {
    it("is on the React that is meant", async () => {
      await open();
      expect(await page.evaluate(() => reactVersion)).toMatch(new RegExp(`^${react}\\.`));
    }, 60_000);

    it("shares one connection between components, which StrictMode mounts twice", async () => {
      await open({ name: "a", url: "/events" }, { name: "b", url: "/events" });
      for (const one of ["a", "b"]) await opened(one);
      server.publish();
      for (const one of ["a", "b"]) expect(await lastData(one, "1")).toMatchObject({ status: "open", attempt: 1 });
      expect(server.connectedAt.length).toBe(1);
    }, 60_000);

    it("keeps the connection when who uses it is replaced, and closes it when all have gone", async () => {
      await open({ name: "a", url: "/events" });
      await opened("a");
      for (const next of ["b", "c"]) {
        // By one call of the page, for a connection that nobody uses is kept for a second.
        await page.evaluate(async (name) => {
          show([]);
          await new Promise((resolve) => setTimeout(resolve));
          show([{ name, url: "/events" }]);
        }, next);
        await opened(next);
      }
      expect([server.connectedAt.length, server.connections]).toEqual([1, 1]);
      await render();
      await server.drained();
      await render({ name: "d", url: "/events" });
      await opened("d");
      expect(server.connectedAt.length).toBe(2);
    }, 60_000);

    it("has a connection for each URL and each set of options, and none without a URL", async () => {
      await open(
        { name: "none" },
        { name: "a", url: "/events" },
        { name: "b", url: "/events?b" },
        { name: "c", url: "/events", options: { idleTimeout: 60_000, dedupeWindow: 8 } },
        { name: "d", url: "/events", options: { dedupeWindow: 8, idleTimeout: 60_000 } },
      );
      for (const one of ["a", "b", "c", "d"]) await opened(one);
      expect(server.connectedAt.length).toBe(3);
      expect(await page.evaluate(() => shown.get("none"))).toMatchObject([{ status: "closed" }]);
      await render({ name: "a", url: "/events?b" });
      await page.evaluate(() => until("a", ({ status }) => status === "open"));
      server.publish();
      await lastData("a", "1");
      expect(server.connectedAt.length).toBe(3);
    }, 60_000);

    it("tells each component of a loss, of the next attempt, and of the end", async () => {
      await open({ name: "a", url: "/events" });
      await opened("a");
      server.publish();
      await lastData("a", "1");
      server.cut();
      server.publish();
      expect(await lastData("a", "2")).toMatchObject({ status: "open", last: { message: { lastEventId: "2" } } });
      const waiting = await page.evaluate(() =>
        shown.get("a")?.find(({ nextAttemptAt }) => nextAttemptAt !== undefined),
      );
      expect(waiting).toMatchObject({
        status: "reconnecting",
        readyState: 0,
        disconnection: { reason: "network-error" },
      });
      server.refusal = "404 Not Found";
      server.cut();
      const closed = await page.evaluate(() => until("a", ({ status }) => status === "closed"));
      expect(closed).toMatchObject({ closeReason: "error", disconnection: { reason: "status" } });
      const statuses = await page.evaluate(() => shown.get("a")?.map(({ status }) => status));
      const order = statuses?.filter((status, i) => status !== statuses[i - 1]);
      expect(order).toEqual(["connecting", "open", "reconnecting", "open", "reconnecting", "closed"]);
    }, 60_000);

    it("shows the last event of each type and the last gap, and renders once for what comes at once", async () => {
      await open({ name: "a", url: "/events" });
      await opened("a");
      const before = await page.evaluate(() => shown.get("a")?.length ?? 0);
      const gap = { reason: "expired", cursor: "#1" };
      const many = Array.from({ length: 100 }, (_, i) => `data: ${i}\n\n`).join("");
      server.write(`${many}event: b\ndata: c\n\nevent: ssekit.gap\ndata: ${JSON.stringify(gap)}\nid: #1\n\n`);
      const view = await page.evaluate(() => until("a", (one) => one.gap !== undefined));
      expect(view).toMatchObject({ last: { message: { data: "99" }, b: { data: "c" } }, gap });
      expect((await page.evaluate(() => shown.get("a")?.length ?? 0)) - before).toBe(1);
    }, 60_000);

    it("renders for no event where each is heard of", async () => {
      await open({ name: "a", url: "/events", hears: true }, { name: "b", url: "/events" });
      await opened("a");
      const before = (await page.evaluate(() => shown.get("a")))?.length;
      for (let i = 1; i <= 3; i++) {
        server.publish();
        await lastData("b", `${i}`);
      }
      expect(await page.evaluate(() => heard.get("a"))).toEqual(["1", "2", "3"]);
      expect((await page.evaluate(() => shown.get("a")))?.length).toBe(before);
    }, 60_000);

    it("calls the functions of the newest render, which are no reason to connect anew", async () => {
      await open({ name: "a", url: "/events", hears: true });
      await opened("a");
      const first = await page.evaluate(() => asked.at(-1));
      for (let i = 0; i < 3; i++) await render({ name: "a", url: "/events", hears: true });
      server.publish();
      await page.evaluate(() => until("a", ({ status }) => status === "open"));
      expect(server.connectedAt.length).toBe(1);
      await page.evaluate(() => shown.get("a")?.at(-1)?.reconnect());
      while (server.connectedAt.length < 2) await page.evaluate(() => {});
      expect(await page.evaluate(() => asked.at(-1))).toBeGreaterThan(first as number);
    }, 60_000);

    it("takes over what a server has rendered", async () => {
      await open();
      await page.evaluate(() => show([{ name: "a", url: "/events" }], '<p id="a">connecting</p>'));
      await opened("a");
      expect(await page.evaluate(() => [complaints, document.querySelector("#a")?.textContent])).toEqual([[], "open"]);
    }, 60_000);

    it("runs the README's example", async () => {
      const [, example = ""] =
        /```tsx\n([\s\S]*?)```/.exec(readFileSync(join(packageFolder, "README.md"), "utf8")) ?? [];
      const folder = mkdtempSync(join(packageFolder, "test/.readme-"));
      try {
        writeFileSync(join(folder, "example.tsx"), example);
        const start =
          'import { createElement } from "react";\nimport { createRoot } from "react-dom/client";\nimport { News } from "./example.tsx";\n' +
          'createRoot(document.querySelector("#root")).render(createElement(News));\n';
        writeFileSync(join(folder, "page.ts"), start);
        server = await EventLogServer.start(await bundlePage(join(folder, "page.ts"), { react }));
      } finally {
        rmSync(folder, { recursive: true });
      }
      await page.goto(`${server.origin}/`);
      await says("open");
      server.write('event: headline\ndata: {"title":"Hello"}\n\n');
      await says("Hello");
      server.refusal = "503 Service Unavailable";
      server.cut();
      await says("Again at");
    }, 60_000);

    async function open(...probes: Probe[]): Promise<void> {
      server = await EventLogServer.start(await bundle(join(packageFolder, "test/react-page.tsx"), react));
      await page.goto(`${server.origin}/`);
      if (probes.length > 0) await render(...probes);
    }

    /** Waits until the page has a text, of which React changes the characters alone: `waitForFunction` sees no such change. */
    async function says(text: string): Promise<void> {
      await page.evaluate((wanted) => {
        return new Promise<void>((resolve) => {
          const look = (): void => {
            if (document.body.textContent?.includes(wanted)) resolve();
          };
          new MutationObserver(look).observe(document.body, { subtree: true, childList: true, characterData: true });
          look();
        });
      }, text);
    }

    function render(...probes: Probe[]): Promise<void> {
      return page.evaluate((all) => show(all), probes);
    }

    function opened(probe: string): Promise<EventSourceView> {
      return page.evaluate((one) => until(one, ({ status }) => status === "open"), probe);
    }

    function lastData(probe: string, data: string): Promise<EventSourceView> {
      return page.evaluate((one, wanted) => until(one, ({ last }) => last.message?.data === wanted), probe, data);
    }
  });
}
