import { joinedValueOf, valuesOf } from "../../http/request.ts";
import { fail, info, type ServerCase, serverCase, show } from "../server-case.ts";

/** The head of the answer to a plain GET. */
export const headCases: readonly ServerCase[] = [
  serverCase({
    id: "head/one-content-type",
    level: "MUST",
    rule: "The head has exactly one Content-Type.",
    from: [
      "rfc9110-5.3",
      "a sender MUST NOT generate multiple field lines with the same name in a message (whether in the headers or trailers) or append a field line when a field line of the same name already exists in the message, unless that field's definition allows multiple field line values to be recombined as a comma-separated list",
    ],
    repair: "Set the field instead of appending to it: a framework's own default and the stream's add up.",
    run: async (subject) => {
      const { head } = await subject.open();
      const values = head === undefined ? [] : valuesOf(head, "content-type");
      if (values.length !== 1) fail("Content-Type is there more than once", { expected: "one", actual: show(values) });
    },
  }),
  serverCase({
    id: "head/charset-is-utf-8",
    level: "MUST",
    rule: "A charset parameter of Content-Type is utf-8.",
    from: ["iana#text/event-stream", 'The charset parameter may be provided. The parameter\'s value must be "utf-8".'],
    repair: "Leave the parameter out: an event stream is always read as UTF-8.",
    run: async (subject) => {
      const { head } = await subject.open();
      const type = (head && joinedValueOf(head, "content-type")) ?? "";
      const charset = /;\s*charset\s*=\s*"?([^";\s]*)/i.exec(type)?.[1];
      if (charset !== undefined && charset.toLowerCase() !== "utf-8") {
        fail("The stream says another encoding", { expected: "charset=utf-8, or none", actual: show(type) });
      }
    },
  }),
  serverCase({
    id: "head/no-content-length",
    level: "PRACTICE",
    rule: "The head of a stream has no Content-Length.",
    from: "A reader stops at the length that it was told, and takes the stream for whole.",
    repair: "Write the head before the first event, so that nothing can count the body; readers stop at the length.",
    run: async (subject) => {
      const { head } = await subject.open();
      const length = head && joinedValueOf(head, "content-length");
      if (length !== undefined) {
        fail("The stream has an announced end", { expected: "no Content-Length", actual: `Content-Length: ${length}` });
      }
    },
  }),
  serverCase({
    id: "head/caches-are-kept-off",
    level: "PRACTICE",
    rule: "Cache-Control is no-cache or no-store.",
    from: "A cache that keeps a stream gives one reader what was another's, or holds it back until its end.",
    repair:
      "Send Cache-Control: no-cache (or no-store): a cache in between may else keep the stream, or wait for its end.",
    run: async (subject) => {
      const { head } = await subject.open();
      const value = (head && joinedValueOf(head, "cache-control")) ?? "";
      if (!/(?:^|,)\s*no-(?:cache|store)\s*(?:,|$)/i.test(value)) {
        fail("Caches may keep the stream", {
          expected: "no-cache or no-store",
          actual: `Cache-Control: ${value || "none"}`,
        });
      }
    },
  }),
  serverCase({
    id: "head/fields-are-well-formed",
    level: "MUST",
    rule: "Every line of the head is a token, a colon and a value without control characters.",
    from: ["rfc9112-5.1", "No whitespace is allowed between the field name and colon."],
    repair: "Build the head by the server's own functions, not by hand.",
    run: async (subject) => {
      const { faults } = await subject.open();
      const own = faults.filter((fault) => /head has the line|status line/.test(fault));
      if (own.length > 0) fail("The head is malformed", { expected: "lines of RFC 9112", actual: own.join("; ") });
    },
  }),
  serverCase({
    id: "head/prompt",
    level: "PRACTICE",
    rule: "The head arrives at once, before there is an event.",
    from: ["dom-eventsource", "Otherwise, announce the connection and interpret res's body line by line."],
    repair: "Flush the head (flushHeaders(), or a comment as the first bytes): the reader's open event waits for it.",
    run: async (subject) => {
      const started = performance.now();
      await subject.open();
      const took = Math.round(performance.now() - started);
      if (took > subject.durations.prompt) {
        fail("The head came late", { expected: `within ${subject.durations.prompt} ms`, actual: `after ${took} ms` });
      }
    },
  }),
  serverCase({
    id: "head/first-bytes",
    level: "INFO",
    rule: "The body begins with the head, by a comment or a first event.",
    from: "Some proxies, and fetch() in Firefox, pass a response on only when its first bytes come.",
    repair: "Send a comment with the head.",
    run: async (subject) => {
      const reader = await subject.open();
      const first = await reader.until(() => reader.pieces.length > 0, subject.durations.prompt);
      return first ? undefined : info(`no byte of the body within ${subject.durations.prompt} ms of the head`);
    },
  }),
  serverCase({
    id: "head/no-transform",
    level: "INFO",
    rule: "Cache-Control has no-transform.",
    from: [
      "rfc9111-5.2.2.6",
      "The no-transform response directive indicates that an intermediary (regardless of whether it implements a cache) MUST NOT transform the content, as defined in Section 7.7 of [HTTP].",
    ],
    repair: "Add no-transform to Cache-Control: it keeps compressing proxies and middleware off the stream.",
    run: async (subject) => {
      const { head } = await subject.open();
      const value = (head && joinedValueOf(head, "cache-control")) ?? "none";
      return /no-transform/i.test(value) ? undefined : info(`Cache-Control: ${value}`);
    },
  }),
  serverCase({
    id: "head/x-accel-buffering",
    level: "INFO",
    rule: "The head has X-Accel-Buffering: no.",
    from: "nginx gathers a response before it passes it on, unless its configuration or this field says no.",
    repair: "Send X-Accel-Buffering: no: nginx then buffers nothing of this response, whatever its configuration.",
    run: async (subject) => {
      const { head } = await subject.open();
      const value = (head && joinedValueOf(head, "x-accel-buffering")) ?? "none";
      return value.toLowerCase() === "no" ? undefined : info(`X-Accel-Buffering: ${value}`);
    },
  }),
];
