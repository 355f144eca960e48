import { useCallback, useEffect, useRef, useSyncExternalStore } from "react";
import type { ClientEvent, ClientGap, EventSourceClientOptions, EventTypes } from "./client-options.ts";
import { CLOSED_VIEW, CONNECTING_VIEW, type EventSourceView, PageConnection } from "./page-connection.ts";

/** Options of `useEventSource`: those of an `EventSourceClient`, and what the component itself listens with. */
export interface UseEventSourceOptions<Events extends EventTypes = Record<string, string>>
  extends Omit<EventSourceClientOptions<Events>, "signal"> {
  /** Called with each event from when the component is mounted. With it, events alone render nothing, and `last` stays empty. */
  readonly onEvent?: ((event: ClientEvent<Events>) => unknown) | undefined;
  /** Called with each loss that a hub of ssekit tells of. */
  readonly onGap?: ((gap: ClientGap) => unknown) | undefined;
}

/**
 * Reads an event stream in a component. All components of a page whose URL and options are the same share one
 * connection, which is open while one of them is mounted, and a second longer.
 *
 * Functions do not count in that comparison, so they may be new at each render: those of the newest render are called,
 * save those in `retry`, which are the first one's. What comes within one task renders once.
 *
 * On a server it connects to nothing, and is `connecting`.
 *
 * @typeParam Events the type of the data of each event type; text by default.
 * @param url where the stream is; without one, nothing is connected.
 *
 * @example
 * ```tsx
 * import { useEventSource } from "@ssekit/client/react";
 * import { defineEvents } from "@ssekit/codec";
 *
 * const events = defineEvents<{ headline: { title: string } }>();
 *
 * export function News(): string {
 *   const { status, last } = useEventSource("/events", { events });
 *   return last.headline?.data.title ?? status;
 * }
 * ```
 */
export function useEventSource<Events extends EventTypes = Record<string, string>>(
  url: string | URL | undefined,
  options: UseEventSourceOptions<Events> = {},
): EventSourceView<Events> {
  const key = url === undefined ? undefined : keyOf(url, options);
  const newest = useRef({ url, options });
  useEffect(() => {
    newest.current = { url, options };
    if (key !== undefined) PageConnection.find(key)?.renew(options);
  });
  const subscribe = useCallback(
    (onChange: () => void): (() => void) => {
      const { url, options } = newest.current;
      if (url === undefined || key === undefined) return () => {};
      const connection = PageConnection.find(key) ?? new PageConnection(url, key, options);
      return connection.join({
        onChange,
        onEvent: (event) => newest.current.options.onEvent?.(event as ClientEvent<object> as ClientEvent<Events>),
        onGap: (gap) => newest.current.options.onGap?.(gap),
      });
    },
    [key],
  );
  const hears = options.onEvent !== undefined;
  const getView = (): EventSourceView => {
    if (key === undefined) return CLOSED_VIEW;
    const connection = PageConnection.find(key);
    return (hears ? connection?.viewWithoutEvents : connection?.view) ?? CONNECTING_VIEW;
  };
  const getServerView = (): EventSourceView => (key === undefined ? CLOSED_VIEW : CONNECTING_VIEW);
  return useSyncExternalStore(subscribe, getView, getServerView) as EventSourceView<object> as EventSourceView<Events>;
}

/** What a connection is shared by, as text: the URL, and the options as far as they are data. */
function keyOf(url: string | URL, options: object): string {
  return JSON.stringify([`${url}`, options], (_name, value: unknown) => {
    if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
    if (Symbol.iterator in value) return [...(value as Iterable<unknown>)];
    return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}
