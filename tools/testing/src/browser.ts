import { basename } from "node:path";
import puppeteer, { type Browser, type Page } from "puppeteer-core";

export type { Browser, Page };

/**
 * Starts headless Chromium or Firefox from the path that `describeWith("chromium", ...)` or `"firefox-esr"` gives. Close
 * it in `afterAll`.
 */
export function startBrowser(executablePath: string): Promise<Browser> {
  if (basename(executablePath).startsWith("firefox")) {
    return puppeteer.launch({ browser: "firefox", executablePath, headless: true, acceptInsecureCerts: true });
  }
  return puppeteer.launch({
    browser: "chrome",
    executablePath,
    headless: true,
    acceptInsecureCerts: true,
    // Containers and CI run as root, where Chromium's sandbox refuses to start.
    args: ["--no-sandbox", "--disable-quic"],
  });
}
