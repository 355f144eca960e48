/** What a conforming reader gets: one dispatched event (WHATWG HTML 9.2.6). */
export interface DispatchedEvent {
  /** Event type, `message` where the stream names none. */
  readonly type: string;
  /** The data lines, joined with LF. */
  readonly data: string;
  /** The last event ID at this event, which persists over events without an `id`; empty when there is none. */
  readonly lastEventId: string;
}
