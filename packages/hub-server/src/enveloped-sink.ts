import { createParser, type DispatchedEvent, type EncodedEvent, encodeEvent } from "@ssekit/codec";
import type { EventSink } from "@ssekit/hub";
import type { EventStream } from "@ssekit/server";
import type { RecentEvent } from "./activity.ts";

/**
 * A sink that hands a hub's events to the live page in envelopes: all of them of type `message`, with the published
 * type in the data beside the topics, for a native EventSource hears only of types that it has listeners for. The
 * id stays, so the browser resumes by itself. The hub's own events, `ssekit.…`, pass as they are.
 *
 * @param stream where it goes
 * @param find what is known of an event beside what the hub writes
 */
export function envelopedSink(stream: EventStream, find: (id: string) => RecentEvent | undefined): EventSink {
  let accepted = true;
  const envelope = ({ type, data, lastEventId }: DispatchedEvent): EncodedEvent => {
    const id = lastEventId === "" ? {} : { id: lastEventId };
    if (type.startsWith("ssekit.")) return encodeEvent({ event: type, data, ...id });
    return encodeEvent({ data: JSON.stringify({ type, data, ...find(lastEventId) }), ...id });
  };
  const parser = createParser({
    onEvent: (event) => {
      accepted = stream.write(envelope(event));
    },
  });
  return {
    lastEventId: stream.lastEventId,
    get desiredSize() {
      return stream.desiredSize;
    },
    get ready() {
      return stream.ready;
    },
    get writePath() {
      return stream.writePath;
    },
    write: (bytes) => {
      accepted = true;
      parser.feed(bytes);
      return accepted;
    },
    close: (reason) => stream.close(reason),
    onClose: (listener) => stream.onClose(listener),
    onHeartbeat: (give) => stream.onHeartbeat(give),
    hold: () => stream.hold(),
    open: () => stream.open(),
    refuse: (status) => stream.refuse(status),
  };
}
