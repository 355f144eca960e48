import { AttachmentError } from "../attachment.ts";

/** An event to publish, as a subject's own interface takes it. */
export interface PublishedEvent {
  readonly data: string;
  readonly event?: string | undefined;
  readonly id?: string | undefined;
  /** Milliseconds. */
  readonly retry?: number | undefined;
}

/** What a subject says of a publish. */
export interface PublishAnswer {
  /** How many subscribers it had, where the subject tells. */
  readonly subscribers?: number | undefined;
}

/**
 * How many requests, or programs, publish at once: many enough to meet each other, and few enough for a server that keeps
 * five connections waiting, as Python's does.
 */
export const PUBLISHING_AT_ONCE = 8;

/** How the suite publishes on the subject, and what else the subject lets it do. */
export interface Publisher {
  /** Fields besides `data` that can be published. */
  readonly fields: ReadonlySet<"event" | "id" | "retry">;
  /** Fulfils once the subject has taken the event; rejects with a {@linkcode Refusal} if it says no. */
  publish(event: PublishedEvent): Promise<PublishAnswer>;
  /** Ends every open stream. */
  closeAll?: (() => Promise<void>) | undefined;
  /** The number of open streams. */
  count?: (() => Promise<number>) | undefined;
  /** Lets go of what it started. */
  stop?: (() => Promise<void>) | undefined;
}

/** The subject refused an event: it was not published, so nothing of it is lost. */
export class Refusal extends Error {
  override readonly name = "Refusal";
}

/** Whether an event was taken is not told in time: it may come, or not. */
export class UnsettledError extends AttachmentError {}
