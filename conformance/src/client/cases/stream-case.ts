import { counted } from "../../counted.ts";
import { type ClientCase, type ClientCaseData, clientCase } from "../client-case.ts";
import type { ResponseHead } from "../exchange.ts";
import type { ExpectedEvent } from "../tried-client.ts";

/** A case that is data: a stream, and the events that a client gives of it. */
export type StreamCaseData = Omit<ClientCaseData, "run"> & {
  /** Chunks, each sent on its own after the one before it; text stands for its UTF-8 bytes. */
  readonly chunks: readonly (string | Uint8Array)[];
  /** Sends the chunks in pieces of so many bytes. */
  readonly pieces?: number;
  readonly head?: ResponseHead;
  /** Event types that the stream has besides `message`. */
  readonly types?: readonly string[];
  readonly events: readonly ExpectedEvent[];
  /** How many times as long as usual an event is waited for. */
  readonly patience?: number;
};

/** Data of the event behind the stream: what a client gives before it is all that it gave. */
const AFTERWARDS = "this is the end";

/** Makes a case of its data. */
export function streamCase({
  chunks,
  pieces,
  head,
  types = [],
  events,
  patience = 1,
  ...data
}: StreamCaseData): ClientCase {
  return clientCase({
    ...data,
    async run({ start, subject }) {
      const client = await start();
      await client.listen(...types);
      const exchange = await client.stream(head);
      for (const [index, chunk] of chunks.entries()) {
        if (index > 0) await exchange.untilApart();
        if (pieces === undefined) exchange.write(chunk);
        else await exchange.writeInPieces(chunk, pieces);
      }
      client.patience = patience * subject.patience;
      await client.events(...events);
      exchange.write(`data: ${AFTERWARDS}\n\n`);
      const { event } = await client.next("event");
      client.expect(event.data === AFTERWARDS, "The client gave an event too many", {
        expected: counted(events.length, "event"),
        actual: `also ${JSON.stringify(event)}`,
      });
    },
  });
}
