import type { RecordedRequest, ScriptedConnection } from "testing";
import { short, status, stream } from "./scripts.ts";

/** Answers a request of a page, which may be sent to the other origin. */
export type Answer = (connection: ScriptedConnection, request: RecordedRequest, otherOrigin: string) => unknown;

/** The answers to one connection after another, and to all that follow: come back no more. */
export interface Comparison {
  readonly answers: readonly Answer[];
  /** Whether the stream is at another origin than the page. */
  readonly elsewhere?: boolean;
  readonly withCredentials?: boolean;
  /** How often a source may lose its connection before the page closes it: 4 times by default. */
  readonly mostLosses?: number;
}

const anyone = "Access-Control-Allow-Origin: *";
const RETRY = "retry: 50\n";

/** The cases of event-source.browser.test.ts, by name. */
export const comparisons: Readonly<Record<string, Comparison>> = {
  "fields, comments and ids": here(
    short(`:c\n\n${RETRY}data: 1\n\nid: a\ndata\ndata\n\nevent: custom\nid\ndata:  2\n\nfoo: x\n data: 3\ndata: 3\n\n`),
  ),
  "an id with NUL": here(short(`${RETRY}id: a\ndata: 1\n\nid: b\0\ndata: 2\n\n`)),
  "line ends, and a BOM": here(
    short(`\ufeffdata: 1\r\rdata: 2\r\n\r\ndata: 3\n\r\n\rdata: 4\u2028\x85\v\f5\n\n${RETRY}`),
  ),
  "two BOMs": here(short(`\ufeff\ufeffdata: 1\n\ndata: 2\n\n${RETRY}`)),
  "bad UTF-8 and NUL": here((c) =>
    c
      .head()
      .write(`${RETRY}data: `)
      .write(Uint8Array.of(0xff, 0x41, 0xc3, 10, 10))
      .write("data: a\0b\n\n")
      .end(),
  ),
  "types of its own events": here(
    short(`${RETRY}event: open\ndata: 1\n\nevent: error\ndata: 2\n\nevent: message\ndata: 3\n\nevent\ndata: 4\n\n`),
  ),
  "an id that lasts over connections": here(
    short(`${RETRY}id: 7\ndata: 1\n\n`),
    short("data: 2\n\n"),
    short("id\ndata: 3\n\n"),
    short("data: 4\n\n"),
  ),
  "an id without an event": here(short(`${RETRY}id: 1\n\n`), short("data: 2\n\n")),
  "an id that is cut off": here(short(`${RETRY}id: 1\ndata: 1\n\nid: 2\ndata: 2\n`), short("data: 3\n\n")),
  "an id in UTF-8": here(short(`${RETRY}id: …é\ndata: 1\n\n`)),
  "a block that is cut off": here(short(`${RETRY}data: 1\n\nevent: custom\ndata: 2\n`), short("data: 3\n\n")),
  "retry that is no number": here(short(`${RETRY}retry: 1e9\nretry: 9999999.5\nretry: -1\ndata: 1\n\n`)),
  "close in a handler": here(short(`${RETRY}data: 1\n\ndata: close\n\ndata: 2\n\n`)),
  "bytes one by one": here(byByte(`\ufeffid: é\r\nevent: custom\r\ndata: 1\r\n\r\ndata: 2\r\r${RETRY}`)),
  "a large event": here(short(`${RETRY}data: ${"x".repeat(300_000)}\n\ndata: 2\n\n`)),
  "an empty stream": here(short(RETRY), short("")),
  "a stream that breaks off": here(stream(`${RETRY}id: 1\ndata: cut\n\ndata: 2`), short("data: 3\n\n")),
  "no answer": here(short(RETRY), (c) => c.reset(), short("data: 1\n\n")),
  "a redirect": here(redirect(301), short(`${RETRY}data: 1\n\n`)),
  "redirects of each kind": here(redirect(302), redirect(303), redirect(307), redirect(308), short(RETRY)),
  "a redirect at each connection": here(
    redirect(307),
    short(`${RETRY}data: 1\n\n`),
    redirect(302),
    short("data: 2\n\n"),
  ),
  "a redirect without a location": here(status("301 x")),
  "200 after a failure": here(short(RETRY), status("503 x"), short("data: 1\n\n")),
  ...Object.fromEntries(
    ["204 No Content", "205 x", "206 x", "304 x", "400 x", "404 x", "500 x", "503 x"].map((line) => [
      `a status of ${line.slice(0, 3)}`,
      here((c) => c.head(line, ...(/^20[456]|^304/.test(line) ? [] : ["Content-Length: 0"])).end()),
    ]),
  ),
  ...Object.fromEntries(
    [
      "text/event-stream;",
      "Text/Event-Stream ; charset=utf-8",
      "text/event-stream;charset=windows-1252",
      "text/event-stream;charset=bogus",
      "text/event-streamx",
      "text/x-event-stream",
      "text/html",
      "",
      "text/event-stream, text/html",
    ].map((mime) => [
      `a content type of ${JSON.stringify(mime)}`,
      here(short(`${RETRY}data: 1\n\n`, `Content-Type: ${mime}`)),
    ]),
  ),
  "another origin, with its consent": there(short(RETRY, anyone), short("data: 1\n\n", anyone)),
  "another origin, with credentials": {
    ...there((c, { headers: { origin } }) =>
      c
        .head("200 OK", "Access-Control-Allow-Credentials: true", `Access-Control-Allow-Origin: ${origin}`)
        .write(`${RETRY}data: 1\n\n`)
        .end(),
    ),
    withCredentials: true,
  },
  "the page's own origin, with credentials": { ...here(short(`${RETRY}data: 1\n\n`)), withCredentials: true },
  "a redirect to another origin, with its consent": here(redirect(302, "other"), short(`${RETRY}data: 1\n\n`, anyone)),
  "another origin, with an id": there(short(`${RETRY}id: 1\ndata: 1\n\n`, anyone), short("data: 2\n\n", anyone)),
  "another origin, without its consent": { ...there(short(`${RETRY}data: 1\n\n`)), mostLosses: 1 },
  "another origin, with credentials for anyone": {
    ...there(short(`${RETRY}data: 1\n\n`, "Access-Control-Allow-Credentials: true", anyone)),
    withCredentials: true,
    mostLosses: 1,
  },
};

/** What no library can do as a browser does, in any engine: why, by case. */
const limits: Readonly<Record<string, string>> = {
  "another origin, with an id": "fetch() asks first whether it may send Last-Event-ID",
  "another origin, without its consent": "fetch() does not tell a response that CORS forbids from a broken network",
  "another origin, with credentials for anyone":
    "fetch() does not tell a response that CORS forbids from a broken network",
};

const sameRequest = '"Let request be the EventSource object\'s request": a redirect does not change it';
const noCharset = 'the parameter "serves no purpose; it is only allowed for compatibility with legacy servers"';
const idAtDispatch =
  '"Set the last event ID string of the event source to the value of the last event ID buffer", before data is looked at';
const isomorphic = "Fetch: a header value is a byte sequence. This engine's fetch() sends its characters as UTF-8";

/** Where an engine leaves the standards: the sentence that it leaves, by case. */
export const departures: Readonly<Record<"Chromium" | "Firefox" | "WebKit", Readonly<Record<string, string>>>> = {
  Chromium: {
    ...limits,
    "a redirect": sameRequest,
    "redirects of each kind": sameRequest,
    "a redirect at each connection": sameRequest,
    "a redirect to another origin, with its consent": sameRequest,
    'a content type of "text/event-stream;charset=windows-1252"': noCharset,
    'a content type of "text/event-stream;charset=bogus"': noCharset,
  },
  Firefox: {
    ...limits,
    "an id with NUL":
      '"If the field value does not contain U+0000 NULL [...] Otherwise, ignore the field": not the event',
    "bad UTF-8 and NUL": '"Append the field value to the data buffer", U+0000 too',
    "an id without an event": idAtDispatch,
    "a redirect": sameRequest,
    "redirects of each kind": sameRequest,
  },
  WebKit: {
    ...limits,
    "an id without an event": idAtDispatch,
    "an id in UTF-8": isomorphic,
    "bytes one by one": isomorphic,
    "a stream that breaks off": "each stream is parsed anew: what is left of the one before is no part of it",
    'a content type of "text/event-stream, text/html"': "Fetch, to extract a MIME type: the last of several holds",
    "a redirect to another origin, with its consent":
      "Fetch: the cache mode no-store adds Cache-Control to each request. This engine's fetch() drops it at a redirect",
  },
};

function here(...answers: Answer[]): Comparison {
  return { answers };
}

function there(...answers: Answer[]): Comparison {
  return { answers, elsewhere: true };
}

/** Sends who asks to where the next answer is, at this server or at the other one. */
function redirect(code: number, to: "same" | "other" = "same"): Answer {
  return (c, { path }, otherOrigin) => {
    const location = `${to === "other" ? otherOrigin : ""}${path}?`;
    c.head(`${code} x`, "Content-Length: 0", `Location: ${location}`).end();
  };
}

function byByte(body: string): Answer {
  return async (c) => {
    c.socket.setNoDelay();
    c.head();
    for (const byte of new TextEncoder().encode(body)) {
      c.write(Uint8Array.of(byte));
      await new Promise((resolve) => setImmediate(resolve));
    }
    c.end();
  };
}
