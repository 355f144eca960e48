import type { DispatchedEvent } from "@ssekit/codec";

/** A parser under test. */
export interface ParserSubject {
  /**
   * Gives the chunks to a fresh parser, one after the other, then the end of the stream. Fulfils with one step for each
   * chunk, and one for the end.
   */
  parse(chunks: readonly Uint8Array[]): Promise<readonly ParserStep[]>;
}

/** What a parser did with one chunk, or with the end of the stream. */
export interface ParserStep {
  /** The events that it dispatched. */
  readonly events: readonly DispatchedEvent[];
  /** The reconnection time that the stream has set so far, in milliseconds; only of parsers that tell it. */
  readonly reconnectionTime?: number | undefined;
}

/** Capability of a parser that tells the reconnection time. */
export const RECONNECTION_TIME = "reconnection-time";
