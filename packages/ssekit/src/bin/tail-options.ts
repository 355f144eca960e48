import { parseArgs } from "node:util";

/** What `ssekit tail` is asked to do. */
export interface TailOptions {
  readonly url: string;
  readonly headers: Headers;
  /** The body of a POST; `undefined` for GET. */
  readonly post: string | undefined;
  readonly json: boolean;
  readonly lastEventId: string;
}

/** How `ssekit tail` is called. */
export const tailUsage = `Usage: ssekit tail <url> [options]

Prints the events of a stream as they come, and connects again when it is lost.

  -H, --header "name: value"   send a header field; may be given several times
      --post <body>            send a POST with this body, once
      --last-event-id <id>     begin after this event
      --json                   print a JSON object a line: events, comments, gaps, pauses and states
  -h, --help                   print this

Without --json, events go to stdout, and to stderr what happens between them: states, comments (heartbeats), gaps, and
pauses of 5 s and more.
Exit codes: 0 the stream has ended, or you have ended it; 1 it failed for good; 2 the call is wrong.
`;

/**
 * Reads the arguments.
 *
 * @returns `undefined` if help is asked for.
 * @throws {TypeError} If they can't be understood.
 */
export function parseTailArgs(args: readonly string[]): TailOptions | undefined {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      header: { type: "string", short: "H", multiple: true, default: [] },
      post: { type: "string" },
      "last-event-id": { type: "string", default: "" },
      json: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  const [url, ...more] = positionals;
  if (url === undefined) throw new TypeError("it needs a URL");
  if (more.length > 0) throw new TypeError(`it takes one URL, and ${more.join(" ")} is another`);
  if (!/^https?:/.test(url) || !URL.canParse(url)) {
    throw new TypeError(`${url} is no URL; give an absolute one, such as http://localhost:8080/events`);
  }
  const headers = new Headers(values.header.map(parseField));
  if (values.post !== undefined && !headers.has("content-type")) headers.set("content-type", contentType(values.post));
  return { url, headers, post: values.post, json: values.json, lastEventId: values["last-event-id"] };
}

function parseField(field: string): [string, string] {
  const [, name, value] = /^([^\s:]+):(.*)$/s.exec(field) ?? [];
  if (name === undefined || value === undefined) {
    throw new TypeError(`${JSON.stringify(field)} is no header field; write "name: value"`);
  }
  return [name, value];
}

function contentType(body: string): string {
  try {
    JSON.parse(body);
    return "application/json";
  } catch {
    return "text/plain;charset=utf-8";
  }
}
