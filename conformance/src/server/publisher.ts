/** An event to publish, as a subject's own interface takes it. */
export interface PublishedEvent {
  readonly data: string;
  readonly event?: string | undefined;
  readonly id?: string | undefined;
  /** Milliseconds. */
  readonly retry?: number | undefined;
}
