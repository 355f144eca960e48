import { AttachmentError } from "../../attachment.ts";
import { Refusal } from "../publisher.ts";
import { type ServerCase, serverCase } from "../server-case.ts";

/** What all others stand on. */
export const attachCases: readonly ServerCase[] = [
  serverCase({
    id: "attach/smoke",
    level: "MUST",
    rule: "A GET with Accept: text/event-stream is answered with status 200 and an event stream.",
    from: [
      "dom-eventsource",
      "Otherwise, if res's status is not 200, or if res's `Content-Type` is not `text/event-stream`, then fail the connection.",
    ],
    repair: "Answer 200 with Content-Type: text/event-stream; an EventSource gives up for good at anything else.",
    run: async (subject) => {
      await subject.open();
    },
  }),
  serverCase({
    id: "attach/publish",
    level: "INTEGRITY",
    rule: "A plain event that is published while a stream is open arrives on it.",
    from: [
      "dispatchMessage",
      "Queue a task which, if the readyState attribute is set to a value other than CLOSED, dispatches the newly created event at the EventSource object.",
    ],
    repair:
      "Check that --publish reaches the topic that the URL subscribes to, and that the server ends each event with a blank line.",
    needs: ["publish"],
    run: async (subject) => {
      try {
        await subject.listen();
      } catch (error) {
        // Who can't publish this can publish nothing: then nothing is known of what is published.
        if (!(error instanceof Refusal)) throw error;
        throw new AttachmentError(`Cannot publish a plain event: ${error.message}; check --publish, or the driver`);
      }
    },
  }),
];
