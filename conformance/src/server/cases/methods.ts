import { counted } from "../../counted.ts";
import { joinedValueOf } from "../../http/request.ts";
import { fail, type ServerCase, serverCase, show, unsupported } from "../server-case.ts";

const HEAD_RULE = "The HEAD method is identical to GET except that the server MUST NOT send content in the response.";

/** Requests of other methods than GET. */
export const methodCases: readonly ServerCase[] = [
  serverCase({
    id: "method/head-is-answered",
    level: "PRACTICE",
    rule: "HEAD is answered at once, with the head of a GET or a refusal.",
    from: ["rfc9110-9.3.2", HEAD_RULE],
    repair: "End the answer to HEAD after its head: monitors and link checkers wait for it.",
    run: async (subject) => {
      const reader = await subject.request({ method: "HEAD" });
      if (reader?.head === undefined) {
        fail("HEAD has no answer", { expected: `a head within ${subject.durations.within} ms`, actual: "nothing" });
      }
      const { status } = reader.head;
      const type = joinedValueOf(reader.head, "content-type") ?? "none";
      const isStream = /^text\/event-stream\s*(;|$)/i.test(type);
      if (status >= 500 ? status !== 501 : status < 400 && !(status === 200 && isStream)) {
        fail("HEAD is answered otherwise than GET", {
          expected: "200 and text/event-stream, or 405",
          actual: `${status} and ${type}`,
        });
      }
    },
  }),
  serverCase({
    id: "method/head-has-no-body",
    level: "MUST",
    rule: "The answer to HEAD has no body.",
    from: ["rfc9110-9.3.2", HEAD_RULE],
    repair: "Open no stream for HEAD: its bytes are taken for the next response of the connection.",
    run: async (subject) => {
      const reader = await subject.request({ method: "HEAD" });
      if (reader?.head === undefined) return unsupported("HEAD has no answer");
      const after = await reader.until(
        () => reader.faults.find((fault) => fault.includes("after the response's end")) ?? reader.pieces[0],
        subject.durations.quiet,
      );
      if (after !== undefined) {
        fail("Bytes follow the head", { expected: "nothing after the head", actual: show(String(after)) });
      }
      return undefined;
    },
  }),
  serverCase({
    id: "method/head-registers-nobody",
    level: "PRACTICE",
    rule: "HEAD makes no subscriber.",
    from: "Nobody reads on after HEAD, so nobody leaves either: what it subscribes stays.",
    repair: "Look at the method before you add the response to the list of subscribers.",
    needs: ["publish"],
    run: async (subject) => {
      const before = await subject.restingCount();
      if (before === undefined) return unsupported("the number of subscribers is not told: give the driver a count()");
      let [asked, isAnswered] = [0, true];
      for (; isAnswered && asked < 5; asked += 1) {
        isAnswered = (await subject.request({ method: "HEAD" }))?.head !== undefined;
      }
      const after = (await subject.count()) ?? 0;
      if (after > before) {
        fail("HEAD was counted as a reader", {
          expected: counted(before, "subscriber"),
          actual: `${after} after ${counted(asked, "HEAD request")}`,
        });
      }
      // One that waits for its answer is asked no more: how long that takes is for another case to blame.
      if (!isAnswered) return unsupported("HEAD has no answer");
      return undefined;
    },
  }),
  serverCase({
    id: "method/others-are-answered",
    level: "PRACTICE",
    rule: "A method that the resource does not have gets a complete answer, which is no event stream.",
    from: [
      "rfc9110-15.5.6",
      "The 405 (Method Not Allowed) status code indicates that the method received in the request-line is known by the origin server but not supported by the target resource.",
    ],
    repair: "Route the stream for GET (and POST, if you document it) alone, and answer others with 405.",
    run: async (subject) => {
      // A method that changes nothing, of RFC 4918.
      const reader = await subject.request({ method: "PROPFIND", fields: [["Content-Length", "0"]] });
      if (reader?.head === undefined) {
        fail("PROPFIND has no answer", { expected: "405", actual: "nothing" });
      }
      const type = joinedValueOf(reader.head, "content-type") ?? "";
      if (reader.head.status < 400 && /^text\/event-stream/i.test(type)) {
        fail("Every method opens a stream", {
          expected: "405 (or 404, 501)",
          actual: `${reader.head.status} and ${type}`,
        });
      }
      const ending = await reader.untilEnded(subject.durations.within);
      if (ending === undefined) {
        fail("The answer doesn't end", {
          expected: "a complete answer",
          actual: `${reader.head.status} without an end`,
        });
      }
    },
  }),
  serverCase({
    id: "method/405-has-allow",
    level: "MUST",
    rule: "A 405 says which methods there are.",
    from: [
      "rfc9110-15.5.6",
      "The origin server MUST generate an Allow header field in a 405 response containing a list of the target resource's currently supported methods.",
    ],
    repair: "Add Allow: GET, HEAD to the 405.",
    run: async (subject) => {
      const reader = await subject.request({ method: "PROPFIND", fields: [["Content-Length", "0"]] });
      if (reader?.head?.status !== 405)
        return unsupported(`PROPFIND is answered with ${reader?.head?.status ?? "nothing"}`);
      if (joinedValueOf(reader.head, "allow") === undefined) {
        fail("The 405 has no Allow", { expected: "Allow: GET, HEAD", actual: "no Allow" });
      }
      return undefined;
    },
  }),
];
