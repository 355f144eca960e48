import { joinedValueOf } from "../../http/request.ts";
import type { StreamReader } from "../../http/stream-reader.ts";
import { fail, info, type ServerCase, serverCase, show } from "../server-case.ts";
import type { ServerSubject } from "../server-subject.ts";

/** How the body is framed and encoded. */
export const framingCases: readonly ServerCase[] = [
  serverCase({
    id: "framing/chunks-are-whole",
    level: "MUST",
    rule: "The body is framed as its head says.",
    from: [
      "rfc9112-7.1",
      "The chunked transfer coding wraps content in order to transfer it as a series of chunks, each with its own size indicator, followed by an OPTIONAL trailer section containing trailer fields.",
    ],
    repair: "Leave the framing to the HTTP server, and count bytes, not characters, where you write chunks yourself.",
    run: async (subject) => {
      const faults = (await observe(subject)).faults.filter((fault) => /chunk|after the response's end/.test(fault));
      if (faults.length > 0)
        fail("The framing is broken", { expected: "chunks of RFC 9112", actual: faults.join("; ") });
    },
  }),
  serverCase({
    id: "framing/one-length",
    level: "MUST",
    rule: "The head has not both Transfer-Encoding and Content-Length.",
    from: [
      "rfc9112-6.2",
      "A sender MUST NOT send a Content-Length header field in any message that contains a Transfer-Encoding header field.",
    ],
    repair: "Remove Content-Length: proxies take such a response for an attack and may drop it.",
    run: async (subject) => {
      const { faults } = await subject.open();
      if (faults.some((fault) => fault.includes("both Transfer-Encoding"))) {
        fail("The head gives the body two lengths", { expected: "one of them", actual: faults.join("; ") });
      }
    },
  }),
  serverCase({
    id: "framing/http-1-0-is-not-chunked",
    level: "MUST",
    rule: "A request of HTTP/1.0 is answered without chunks.",
    from: [
      "rfc9112-6.1",
      "A server MUST NOT send a response containing Transfer-Encoding unless the corresponding request indicates HTTP/1.1 (or later minor revisions).",
    ],
    repair:
      "Look at the request's version: nginx asks by HTTP/1.0 unless told otherwise, and passes sizes of chunks on as text.",
    run: async (subject) => {
      const reader = await subject.open({ version: "1.0" });
      const coding = reader.head && joinedValueOf(reader.head, "transfer-encoding");
      if (coding !== undefined) {
        fail("The answer is chunked", {
          expected: "a body that ends with the connection",
          actual: `Transfer-Encoding: ${coding}`,
        });
      }
      await reader.until(() => reader.pieces.length > 0, subject.durations.quiet);
      if (/^[0-9a-f]+\r\n/.test(reader.text)) {
        fail("Sizes of chunks stand in the body", { expected: "the event stream alone", actual: show(reader.text) });
      }
    },
  }),
  serverCase({
    id: "framing/identity-is-respected",
    level: "SHOULD",
    rule: "A reader that takes no content coding gets none.",
    from: [
      "rfc9110-12.5.3",
      "If the representation's content coding is one of the content codings listed in the Accept-Encoding field value, then it is acceptable unless it is accompanied by a qvalue of 0.",
    ],
    repair: "Compress only for requests whose Accept-Encoding asks for it.",
    run: async (subject) => {
      const reader = await subject.open({ fields: [["Accept-Encoding", "identity;q=1, *;q=0"]] });
      const coding = reader.head && joinedValueOf(reader.head, "content-encoding");
      if (coding !== undefined && coding.toLowerCase() !== "identity") {
        fail("The body is encoded all the same", { expected: "no Content-Encoding", actual: coding });
      }
    },
  }),
  serverCase({
    id: "framing/content-is-as-encoded",
    level: "MUST",
    rule: "The body has the content coding that its head names.",
    from: [
      "rfc9110-8.4",
      'The "Content-Encoding" header field indicates what content codings have been applied to the representation, beyond those inherent in the media type, and thus what decoding mechanisms have to be applied in order to obtain data in the media type referenced by the Content-Type header field.',
    ],
    repair:
      "Let one layer both encode and say so; bytes that are written past a compressing middleware stand in its output as they are.",
    run: async (subject) => {
      const fields = [["Accept-Encoding", "gzip, deflate, br"]] as const;
      const reader = await observe(subject, { fields });
      if (reader.faults.some((fault) => fault.startsWith("the content"))) {
        fail("The body can't be decoded", { expected: "what Content-Encoding says", actual: reader.faults.join("; ") });
      }
    },
  }),
  serverCase({
    id: "framing/utf-8",
    level: "MUST",
    rule: "The stream is encoded as UTF-8.",
    from: ["parsing-an-event-stream", "Event streams in this format must always be encoded as UTF-8."],
    repair: "Encode text as UTF-8, whole characters at a time.",
    run: async (subject) => {
      const reader = await observe(subject);
      try {
        new TextDecoder("utf-8", { fatal: true }).decode(reader.content, { stream: true });
      } catch {
        fail("The stream has bytes that are no UTF-8", {
          expected: "UTF-8",
          actual: show(reader.content.toString("latin1")),
        });
      }
    },
  }),
  serverCase({
    id: "framing/retry-is-digits",
    level: "PRACTICE",
    rule: "A retry field has digits alone.",
    from: [
      "event-stream-interpretation",
      "If the field value consists of only ASCII digits, then interpret the field value as an integer in base ten, and set the event stream's reconnection time to that integer. Otherwise, ignore the field.",
    ],
    repair: "Write whole milliseconds, without unit, sign or point: readers ignore anything else.",
    run: async (subject) => {
      const reader = await observe(subject);
      const wrong = valuesOfField(reader, "retry").filter((value) => !/^[0-9]+$/.test(value));
      if (wrong.length > 0) fail("A retry field is ignored", { expected: "digits", actual: show(wrong[0]) });
    },
  }),
  serverCase({
    id: "framing/known-fields",
    level: "INFO",
    rule: "Every line is a comment, or a field that readers know.",
    from: ["processField", "Otherwise: The field is ignored."],
    repair: "Put data: before every line of the data; readers drop lines whose name they don't know.",
    run: async (subject) => {
      const reader = await observe(subject);
      const lines = reader.text.split(/\r\n|\r|\n/).slice(0, -1);
      const unknown = lines.find((line) => !/^(?:$|:|\ufeff|(?:data|event|id|retry)(?::|$))/.test(line));
      return unknown === undefined ? undefined : info(`readers ignore the line ${show(unknown)}`);
    },
  }),
];

/** Opens a stream and reads what comes of itself, and an event if there is a way to publish one. */
async function observe(
  subject: ServerSubject,
  options: Parameters<ServerSubject["open"]>[0] = {},
): Promise<StreamReader> {
  const reader = await subject.open(options);
  if (subject.canPublish) {
    const data = `é ${subject.token()}`;
    await subject.publish({ data, ...(subject.can("event") && { event: "suite" }) });
    await subject.arrival(reader, data, subject.durations.prompt);
  } else {
    await reader.until(() => reader.faults.length > 0, subject.durations.prompt);
  }
  return reader;
}

/** The values of a field in all lines so far. */
function valuesOfField(reader: StreamReader, name: string): string[] {
  const lines = reader.text.split(/\r\n|\r|\n/).slice(0, -1);
  const own = lines.filter((line) => line === name || line.startsWith(`${name}:`));
  return own.map((line) => line.slice(name.length + 1).replace(/^ /, ""));
}
