/**
 * A hook for React whose connection all components of a page share.
 *
 * @example
 * ```tsx
 * import { useEventSource } from "@ssekit/client/react";
 *
 * export function News(): string {
 *   const { status, last } = useEventSource("/events");
 *   return last.message?.data ?? status;
 * }
 * ```
 *
 * @module
 */
export type { EventSourceStatus, EventSourceView } from "./page-connection.ts";
export { type UseEventSourceOptions, useEventSource } from "./use-event-source.ts";
