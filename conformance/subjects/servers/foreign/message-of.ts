import type { PublishedEvent } from "../../../src/server/publisher.ts";

/** An event as libraries take it: without the members that have no value. */
export function messageOf({ data, event, id, retry }: PublishedEvent): Message {
  return {
    data,
    ...(event !== undefined && { event }),
    ...(id !== undefined && { id }),
    ...(retry !== undefined && { retry }),
  };
}

export interface Message {
  data: string;
  event?: string;
  id?: string;
  retry?: number;
}
