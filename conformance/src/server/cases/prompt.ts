import { joinedValueOf } from "../../http/request.ts";
import { fail, type ServerCase, serverCase, unsupported } from "../server-case.ts";
import { type OpenOptions, type ServerSubject, summaryOf } from "../server-subject.ts";

const BUFFERING =
  "Since connections established to remote servers for such resources are expected to be long-lived, UAs should ensure that appropriate buffering is used.";
const LAYERS =
  "Authors are also cautioned that HTTP chunking can have unexpected negative effects on the reliability of this protocol, in particular if the chunking is done by a different layer unaware of the timing requirements.";

/** Publishes each event when its reader has the one before: what holds one back waits for ever. */
async function expectOneByOne(subject: ServerSubject, options: OpenOptions): Promise<void> {
  const reader = await subject.open(options);
  const { prompt, within } = subject.durations;
  for (let round = 1; round <= 8; round++) {
    const data = subject.token();
    await subject.publish({ data });
    // The first ones may find a stream that is not ready yet; that is another case's business.
    if ((await subject.arrival(reader, data, prompt)) === undefined && round > 3) {
      const late = await subject.arrival(reader, data, within);
      fail("An event is held back", {
        expected: `the event, alone, within ${prompt} ms`,
        actual:
          late === undefined ? `not after ${prompt + within} ms: ${summaryOf(reader)}` : `later than ${prompt} ms`,
      });
    }
  }
}

/** Whether events leave when they are published. */
export const promptCases: readonly ServerCase[] = [
  serverCase({
    id: "prompt/one-by-one",
    level: "PRACTICE",
    rule: "An event arrives at once, without another one after it.",
    from: ["parsing-an-event-stream", BUFFERING],
    repair: "Flush after each event, and end it with its blank line at once, not with the next event.",
    needs: ["publish"],
    deadline: 30_000,
    run: (subject) => expectOneByOne(subject, {}),
  }),
  serverCase({
    id: "prompt/compressed",
    level: "PRACTICE",
    rule: "An event arrives at once, also where the stream is compressed.",
    from: ["authoring-notes", LAYERS],
    repair:
      "Leave text/event-stream out of compression (Cache-Control: no-transform), or flush the compressor after each event.",
    needs: ["publish"],
    deadline: 30_000,
    run: async (subject) => {
      const fields = [["Accept-Encoding", "gzip, deflate, br"]] as const;
      const { head } = await subject.open({ fields });
      const coding = head && joinedValueOf(head, "content-encoding");
      if (coding === undefined || coding === "identity") return unsupported("the stream is not compressed");
      return void (await expectOneByOne(subject, { fields }));
    },
  }),
  serverCase({
    id: "prompt/subscribed-with-the-head",
    level: "INTEGRITY",
    rule: "What is published once the head has come arrives.",
    from: [
      "announce-the-connection",
      "the user agent must queue a task which, if the readyState attribute is set to a value other than CLOSED, sets the readyState attribute to OPEN and fires an event named open at the EventSource object.",
    ],
    repair: "Register the subscriber first, then send the head: a page that acts on open would miss what it causes.",
    needs: ["publish"],
    run: async (subject) => {
      for (let round = 0; round < 5; round++) {
        const reader = await subject.open();
        const data = subject.token();
        await subject.publish({ data });
        if ((await subject.arrival(reader, data)) === undefined) {
          fail("An event that was published right after the head is lost", {
            expected: "the event",
            actual: summaryOf(reader),
          });
        }
      }
    },
  }),
];
