import { type EncodedEvent, encodeEvent, type ServerSentEvent } from "@ssekit/codec";

/** Encodes one event whose `data` is text, or any other value, which is written as JSON. */
export function encodeJsonEvent(event: ServerSentEvent<unknown>): EncodedEvent {
  const { data } = event;
  if (data === undefined || typeof data === "string") return encodeEvent(event as ServerSentEvent);
  const text = JSON.stringify(data) as string | undefined;
  if (text === undefined) {
    throw new TypeError(`Cannot send data of type ${typeof data}: JSON has no text for it; give text or a plain value`);
  }
  return encodeEvent({ ...event, data: text });
}
