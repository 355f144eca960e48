import { encodeEvent, type ServerSentEvent } from "@ssekit/codec";
import type { LoggedEvent } from "./event-log.ts";
import { RESERVED_TYPE_PREFIX } from "./hub-events.ts";

/** An event that may enter the log. */
export interface PublishedEvent {
  readonly event: LoggedEvent;
  /** The publisher's own id. */
  readonly id: string | undefined;
  /** Size in bytes, encoded and without the id. */
  readonly bytes: number;
}

/** The cursor that asks for all that the log keeps, in Mercure's word; no event may have it as its id. */
export const EARLIEST = "earliest";

/**
 * Checks an event before it enters the log, for what is refused afterwards is lost; data that is not a string becomes
 * JSON, with `isJson` strings too. Throws what the encoder throws, and a `TypeError` for what belongs to the hub.
 */
export function publishedEvent(given: ServerSentEvent<unknown>, isJson = false): PublishedEvent {
  const { id, ...rest } = given;
  const data = rest.data === undefined ? undefined : textOf(rest.data, isJson);
  const event = { ...rest, data };
  if (id !== undefined) checkId(id);
  const encoded = encodeEvent((id === undefined ? event : { ...event, id }) as ServerSentEvent);
  if (typeof event.event === "string" && event.event.startsWith(RESERVED_TYPE_PREFIX)) {
    throw new TypeError(
      `Cannot publish the type ${JSON.stringify(event.event)}: types that begin with ${RESERVED_TYPE_PREFIX} are the hub's own; take another`,
    );
  }
  return { event: withoutUndefined(event), id: id as string | undefined, bytes: encoded.length };
}

function textOf(data: unknown, isJson: boolean): string {
  if (typeof data === "string" && !isJson) return data;
  const text: string | undefined = JSON.stringify(data);
  if (text === undefined)
    throw new TypeError(
      `Cannot publish data of type ${typeof data}: JSON has no text for it; give text or a plain value`,
    );
  return text;
}

function checkId(id: unknown): void {
  if (typeof id !== "string") throw new TypeError(`Cannot publish an id of type ${typeof id}: give a string, or none`);
  if (id.startsWith("#") || id === EARLIEST) {
    throw new TypeError(
      `Cannot publish the id ${JSON.stringify(id)}: ids that begin with # and "${EARLIEST}" are the hub's own; take another`,
    );
  }
}

function withoutUndefined(event: { [K in keyof LoggedEvent]?: LoggedEvent[K] | undefined }): LoggedEvent {
  return Object.fromEntries(Object.entries(event).filter(([, value]) => value !== undefined));
}
