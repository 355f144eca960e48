import type { Finding } from "../../case.ts";
import { counted } from "../../counted.ts";
import type { StreamReader } from "../../http/stream-reader.ts";
import { fail, type Outcome, type ServerCase, serverCase, unsupported } from "../server-case.ts";
import { type ServerSubject, summaryOf } from "../server-subject.ts";

const NONE = "the server speaks no HTTP/2";

async function overHttp2(
  subject: ServerSubject,
  look: (reader: StreamReader) => Outcome,
): Promise<Finding | undefined> {
  if (!(await subject.speaksHttp2())) return unsupported(NONE);
  const reader = await subject.request({ version: "2" });
  if (reader === undefined)
    fail("There is no answer over HTTP/2", { expected: "the head of a response", actual: "nothing" });
  return (await look(reader)) ?? undefined;
}

/** The same over HTTP/2, where it is offered. */
export const http2Cases: readonly ServerCase[] = [
  serverCase({
    id: "http2/well-formed",
    level: "MUST",
    rule: "The response is a well-formed message of HTTP/2, without fields of the connection.",
    from: [
      "rfc9113-8.2.2",
      "An endpoint MUST NOT generate an HTTP/2 message containing connection-specific header fields.",
    ],
    repair: "Send no Connection, Keep-Alive or Transfer-Encoding over HTTP/2: WebKit and proxies drop such a response.",
    run: (subject) =>
      overHttp2(subject, async (reader) => {
        const faults = reader.faults.filter((fault) => fault.includes("malformed"));
        if (faults.length > 0 || reader.head === undefined) {
          fail("The response is malformed", {
            expected: "no Connection, Keep-Alive, Proxy-Connection, Transfer-Encoding or Upgrade",
            actual: faults.join("; ") || summaryOf(reader),
          });
        }
      }),
  }),
  serverCase({
    id: "http2/event-stream",
    level: "MUST",
    rule: "Over HTTP/2 too a GET gets an event stream.",
    from: [
      "dom-eventsource",
      "Otherwise, if res's status is not 200, or if res's `Content-Type` is not `text/event-stream`, then fail the connection.",
    ],
    repair: "Serve both versions by the same handler.",
    run: (subject) => overHttp2(subject, async () => void (await subject.open({ version: "2" }))),
  }),
  serverCase({
    id: "http2/events",
    level: "INTEGRITY",
    rule: "Over HTTP/2 too events arrive at once, each once.",
    from: [
      "parsing-an-event-stream",
      "Since connections established to remote servers for such resources are expected to be long-lived, UAs should ensure that appropriate buffering is used.",
    ],
    repair: "Write each event to the HTTP/2 stream when it is published.",
    needs: ["publish"],
    run: (subject) =>
      overHttp2(subject, async () => {
        const reader = await subject.listen({ version: "2" });
        for (let round = 0; round < 5; round++) await subject.settle(reader);
      }),
  }),
  serverCase({
    id: "http2/left-streams-are-forgotten",
    level: "PRACTICE",
    rule: "A reader that cancels its stream of HTTP/2 is forgotten, though its connection stays.",
    from: [
      "rfc9113-6.4",
      'The RST_STREAM frame fully terminates the referenced stream and causes it to enter the "closed" state.',
    ],
    repair: "Listen for the end of the stream, not of its connection.",
    needs: ["publish"],
    run: (subject) =>
      overHttp2(subject, async () => {
        const before = await subject.restingCount();
        if (before === undefined)
          return unsupported("the number of subscribers is not told: give the driver a count()");
        for (let n = 0; n < 5; n++) (await subject.listen({ version: "2" })).leave();
        const after = await subject.countOf((count) => count <= before);
        if (after > before) {
          fail("Readers that left are still counted", { expected: counted(before, "subscriber"), actual: `${after}` });
        }
        return undefined;
      }),
  }),
];
