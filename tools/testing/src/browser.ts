import puppeteer, { type Browser, type Page } from "puppeteer-core";

export type { Browser, Page };

/** Starts headless Chromium from the path that `describeWith("chromium", ...)` gives. Close it in `afterAll`. */
export function startBrowser(executablePath: string): Promise<Browser> {
  return puppeteer.launch({
    browser: "chrome",
    executablePath,
    headless: true,
    // Containers and CI run as root, where Chromium's sandbox refuses to start.
    args: ["--no-sandbox", "--disable-quic"],
  });
}
