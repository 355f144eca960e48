import { fileURLToPath } from "node:url";
import { type Browser, describeWith, freePort, type Page, type Program, startBrowser, startProgram } from "testing";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";

const cli = fileURLToPath(new URL("./cli.ts", import.meta.url));

function startHub(port: number, ids: "cursor" | "publisher"): Promise<Program> {
  const args = ["--port", `${port}`, "--ids", ids, "--json"];
  return startProgram([process.execPath, "--conditions=@ssekit/source", cli, ...args], { until: /^{.*}$/m });
}

describeWith("chromium", "the live page in Chromium", (chromium) => {
  let browser: Browser;
  let page: Page;
  const faults: string[] = [];

  beforeAll(async () => {
    browser = await startBrowser(chromium);
  });
  afterAll(() => browser.close());

  async function open(url: string): Promise<void> {
    page = await browser.newPage();
    page.on("pageerror", (error) => faults.push(String(error)));
    page.on("console", (message) => {
      if (message.type() === "error") faults.push(`${message.text()} ${message.location().url}`);
    });
    await page.goto(url);
    await page.waitForSelector("#state[data-state=open]");
  }

  const textOf = (selector: string): Promise<string> => page.$eval(selector, (element) => element.textContent ?? "");
  const seen = (text: string): Promise<unknown> =>
    page.waitForFunction((wanted) => document.querySelector("#rows")?.textContent?.includes(wanted), {}, text);
  const post = async (url: string, fields: Record<string, string>): Promise<string> => {
    const answer = await fetch(`${url}/.well-known/mercure`, { method: "POST", body: new URLSearchParams(fields) });
    return answer.text();
  };
  const type = async (selector: string, text: string): Promise<void> => {
    await page.$eval(selector, (element) => {
      (element as HTMLInputElement).value = "";
    });
    await page.type(selector, text);
  };

  describe("of one hub", () => {
    let hub: Program;
    let url: string;

    beforeAll(async () => {
      const port = await freePort();
      hub = await startHub(port, "cursor");
      url = `http://127.0.0.1:${port}`;
    });
    afterAll(() => hub.stop());
    beforeEach(() => open(url));
    afterEach(async () => {
      await page.close();
      expect(faults.splice(0)).toEqual([]);
    });

    it("shows what its form publishes, with type, topic, data and id", async () => {
      await type("[name=topic]", "https://example.com/books/1");
      await type("[name=data]", "a <b>bold</b> move");
      await page.click("summary");
      await type("[name=type]", "stock");
      await page.click("#publish [type=submit]");
      await seen("a <b>bold</b> move");
      const answer = await textOf("#result");
      expect(answer).toMatch(/^Published as #/);
      expect(await textOf("#rows li .topic")).toBe("https://example.com/books/1");
      expect(await textOf("#rows li .type")).toBe("stock");
      expect(answer).toContain(await textOf("#rows li .id"));
      expect(await textOf("#rows li time")).toMatch(/^\d\d:\d\d:\d\d\.\d{3}$/);
      expect(await page.$("#rows b")).toBeNull();
    });

    it("shows what is published over HTTP, and counts connections, topics and events", async () => {
      const before = Number(await textOf("#event-count"));
      await post(url, { topic: "over-http", data: "Hello from HTTP" });
      await seen("Hello from HTTP");
      await page.waitForFunction(
        (n) => document.querySelector("#event-count")?.textContent === String(n),
        {},
        before + 1,
      );
      expect(Number(await textOf("#connections"))).toBeGreaterThanOrEqual(1);
      expect(await textOf("#topic-rows")).toContain("over-http");
    });

    it("says so when the hub refuses, and shows nothing of a private update", async () => {
      await type("[name=topic]", "*");
      await page.click("#publish [type=submit]");
      await page.waitForFunction(() => document.querySelector("#result")?.hasAttribute("data-refused"));
      expect(await textOf("#result")).toMatch(/all topics/);
      expect(faults.splice(0)).toEqual([expect.stringMatching(/400/)]);

      await type("[name=topic]", "mine");
      await type("[name=data]", "secret");
      await page.click("[name=private]");
      await page.click("#publish [type=submit]");
      await page.waitForFunction(() =>
        document.querySelector("#result")?.textContent?.startsWith("Published, to nobody"),
      );
      await post(url, { topic: "mine", data: "public" });
      await seen("public");
      expect(await textOf("#rows")).not.toContain("secret");
    });

    it("begins with the newest events when it is opened", async () => {
      await post(url, { topic: "early", data: "published before the page was opened" });
      await page.reload();
      await seen("published before the page was opened");
    });

    it("holds back what arrives while it is paused, and works by keyboard", async () => {
      await page.focus("#pause");
      await page.keyboard.press("Enter");
      await post(url, { topic: "held", data: "while paused" });
      await page.waitForFunction(() => document.querySelector("#pause")?.textContent?.startsWith("Resume ("));
      expect(await textOf("#rows")).not.toContain("while paused");
      await page.keyboard.press("Enter");
      await seen("while paused");

      await page.focus("[name=data]");
      await page.keyboard.type(" by keyboard");
      await page.keyboard.down("Control");
      await page.keyboard.press("Enter");
      await page.keyboard.up("Control");
      await seen("by keyboard");
    });

    it("keeps no more than 200 rows", async () => {
      for (let n = 1; n <= 210; n += 1) await post(url, { topic: "many", data: `number ${n}.` });
      await seen("number 210.");
      expect(await page.$$eval("#rows li", (rows) => rows.length)).toBe(200);
    });

    it.each([
      ["phone", 390],
      ["desktop", 1280],
    ])("fits the width of a %s", async (_, width) => {
      await page.setViewport({ width, height: 800 });
      await post(url, { topic: `https://example.com/${"long/".repeat(40)}`, data: "x".repeat(500) });
      await seen("xxx");
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
    });

    it("names every control, and fetches nothing from another host", async () => {
      const unnamed = await page.$$eval("input, textarea, button, summary, output", (controls) =>
        controls
          .filter((control) => control.tagName !== "OUTPUT")
          .filter((control) => !(control as HTMLInputElement).labels?.length && !control.textContent?.trim())
          .map((control) => control.outerHTML),
      );
      expect(unnamed).toEqual([]);
      const hosts = await page.evaluate(() =>
        performance.getEntriesByType("resource").map(({ name }) => new URL(name).host),
      );
      expect(new Set(hosts)).toEqual(new Set([new URL(url).host]));
    });
  });

  it("resumes when the hub is killed and started anew, and tells the gap, for the log is in memory", async () => {
    const port = await freePort();
    const url = `http://127.0.0.1:${port}`;
    const killed = await startHub(port, "cursor");
    await open(url);
    await post(url, { topic: "news", data: "before the end" });
    await seen("before the end");
    await killed.stop("SIGKILL");
    await page.waitForSelector("#state[data-state=connecting]");

    const anew = await startHub(port, "cursor");
    await page.waitForSelector("#state[data-state=open]");
    await seen("Events may be missing here");
    expect(await textOf("#rows li.gap .type")).toBe("foreign");
    await post(url, { topic: "news", data: "after the restart" });
    await seen("after the restart");
    expect(await page.$$eval("#rows li.gap", (gaps) => gaps.length)).toBe(1);
    expect(await page.$$eval("#rows .data", (rows) => rows.map((row) => row.textContent))).toEqual([
      "after the restart",
      expect.stringMatching(/^Events may be missing/),
      "before the end",
    ]);
    await page.close();
    await anew.stop();
    faults.length = 0; // the browser's own, of the connection that broke
  }, 30_000);

  describe("with --ids publisher, an EventSource", () => {
    let hub: Program;
    let url: string;

    beforeAll(async () => {
      const port = await freePort();
      hub = await startHub(port, "publisher");
      url = `http://127.0.0.1:${port}`;
      await open(url);
    });
    afterAll(async () => {
      await page.close();
      await hub.stop();
    });

    const end = "an event that every reader gets, so that none waits for what doesn't come";

    /** Subscribes in the page, publishes from it, and gives the answer and what arrived before the end. */
    function publish(query: string[][], fields: Record<string, string>) {
      return page.evaluate(
        async ({ query, fields, end }) => {
          const source = new EventSource(`/.well-known/mercure?${new URLSearchParams([...query, ["match", end]])}`);
          const got: { data: string; lastEventId: string }[] = [];
          const ended = new Promise<void>((resolve) => {
            source.onmessage = ({ data, lastEventId }) => (data === end ? resolve() : got.push({ data, lastEventId }));
          });
          await new Promise((resolve) => {
            source.onopen = resolve;
          });
          const send = (body: Record<string, string>) =>
            fetch("/.well-known/mercure", {
              method: "POST",
              headers: { authorization: "Bearer of.no.meaning" },
              body: new URLSearchParams(body),
            });
          const answer = await send(fields);
          await send({ topic: end, data: end });
          await ended;
          source.close();
          return { status: answer.status, type: answer.headers.get("content-type"), id: await answer.text(), got };
        },
        { query, fields, end },
      );
    }

    const data = "several\n\n   lines\nof data";

    it.each([
      ["an exact topic", [["match", "b1"]], "b1"],
      [
        "the second of two matchers",
        [
          ["match", "other"],
          ["match", "b2"],
        ],
        "b2",
      ],
      ["a URI", [["match", "https://example.net/foo/b3"]], "https://example.net/foo/b3"],
      ["a URL pattern", [["match_urlpattern", "https://example.net/foo/:x"]], "https://example.net/foo/b4"],
    ])("gets an update by %s, with the publisher's id", async (_, query, topic) => {
      const id = `id of ["${topic}"]`;
      expect(await publish(query, { topic, id, data })).toEqual({
        status: 200,
        type: "text/plain; charset=utf-8",
        id,
        got: [{ data, lastEventId: id }],
      });
    });

    it.each([
      ["another topic", [["match", "b1"]], { topic: "b5" }],
      ["another URI", [["match", "https://example.net/foo/b1"]], { topic: "https://example.net/foo/b6" }],
      [
        "a URI that its pattern doesn't match",
        [["match_urlpattern", "https://example.net/bar/:x"]],
        { topic: "https://example.net/foo/b7" },
      ],
      ["a private update of its topic", [["match", "b8"]], { topic: "b8", private: "on" }],
      [
        "a private update of its URI",
        [["match", "https://example.net/foo/b9"]],
        { topic: "https://example.net/foo/b9", private: "on" },
      ],
      [
        "a private update of its pattern",
        [["match_urlpattern", "https://example.net/foo/:x"]],
        { topic: "https://example.net/foo/b10", private: "on" },
      ],
      ["a private update of any topic", [["match", "*"]], { topic: "b11", private: "on" }],
    ])("gets nothing of %s", async (_, query, fields: Record<string, string>) => {
      const id = `id of ${JSON.stringify(fields)}`;
      const { status, got, ...answer } = await publish(query, { ...fields, id, data });
      expect({ status, id: answer.id, got }).toEqual({ status: 200, id, got: [] });
    });
  });
});
