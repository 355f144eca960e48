import { fail, info, type ServerCase, serverCase } from "../server-case.ts";
import type { OpenOptions, ServerSubject } from "../server-subject.ts";

const ABSENT =
  "For each of the content negotiation fields, a request that does not contain the field implies that the sender has no preference on that dimension of negotiation.";
const RANGE =
  'The asterisk "*" character is used to group media types into ranges, with "*/*" indicating all media types and "type/*" indicating all subtypes of that type.';

async function expectStream(subject: ServerSubject, options: OpenOptions, what: string): Promise<void> {
  const reader = await subject.request(options);
  const status = reader?.head?.status;
  const type = reader?.head?.fields.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "none";
  if (status !== 200 || !/^text\/event-stream\s*(;|$)/i.test(type)) {
    fail(`A request with ${what} gets no stream`, {
      expected: "200 and text/event-stream",
      actual: status === undefined ? "no answer" : `${status} and ${type}`,
    });
  }
}

/** What readers that are no EventSource send as Accept. */
export const acceptCases: readonly ServerCase[] = [
  serverCase({
    id: "accept/missing",
    level: "SHOULD",
    rule: "A request without Accept gets the stream.",
    from: ["rfc9110-12.4.1", ABSENT],
    repair: "Take a missing Accept for */*.",
    run: (subject) => expectStream(subject, { withoutAccept: true }, "no Accept"),
  }),
  serverCase({
    id: "accept/any",
    level: "SHOULD",
    rule: "A request with Accept: */* gets the stream.",
    from: ["rfc9110-12.5.1", RANGE],
    repair: "Match ranges, not the text of the field: curl and fetch() send */*.",
    run: (subject) => expectStream(subject, { fields: [["Accept", "*/*"]] }, "Accept: */*"),
  }),
  serverCase({
    id: "accept/in-a-list",
    level: "SHOULD",
    rule: "A request whose Accept lists text/event-stream among others gets the stream.",
    from: ["rfc9110-12.5.1", RANGE],
    repair: "Read Accept as a list with parameters, without regard to case.",
    run: (subject) =>
      expectStream(
        subject,
        { fields: [["Accept", "application/json;q=0.5, Text/Event-Stream;q=0.9"]] },
        "text/event-stream in a list",
      ),
  }),
  serverCase({
    id: "accept/excluded",
    level: "INFO",
    rule: "A request that takes no event stream is answered with 406.",
    from: [
      "rfc9110-15.5.7",
      "The 406 (Not Acceptable) status code indicates that the target resource does not have a current representation that would be acceptable to the user agent, according to the proactive negotiation header fields received in the request (Section 12.1), and the server is unwilling to supply a default representation.",
    ],
    repair: "Answer 406 to a GET whose Accept excludes text/event-stream.",
    run: async (subject) => {
      const reader = await subject.request({ fields: [["Accept", "application/json"]] });
      const status = reader?.head?.status;
      return status === 406 ? undefined : info(`Accept: application/json gets ${status ?? "no answer"}`);
    },
  }),
];
