import { readFileSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { answer, answerMethod } from "./answer.ts";

const FILES = [
  ["/", "index.html", "text/html; charset=utf-8"],
  ["/page.css", "page.css", "text/css; charset=utf-8"],
  ["/page.js", "page.js", "text/javascript; charset=utf-8"],
  ["/icon.svg", "icon.svg", "image/svg+xml"],
] as const;

// Nothing from another host, nothing inline, and no frame around a form that publishes without a token.
const HEADERS = {
  "content-security-policy":
    "default-src 'none'; connect-src 'self'; img-src 'self'; script-src 'self'; style-src 'self'; " +
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'",
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
};

/** Answers a request for one of the page's files. */
export type PageHandler = (req: IncomingMessage, res: ServerResponse) => void;

/** The files of the live page by path, read once: what isn't among them can't be asked for. */
export function readLivePage(): Map<string, PageHandler> {
  return new Map(
    FILES.map(([path, file, type]) => {
      const text = readFileSync(new URL(`../page/${file}`, import.meta.url));
      return [
        path,
        (req, res) => {
          if (req.method !== "GET" && req.method !== "HEAD") answerMethod(res, "GET, HEAD");
          else answer(res, 200, { type, text, headers: HEADERS });
        },
      ];
    }),
  );
}
