/** Opens a client and gives it the data of each event; fulfils once it was asked to connect. */
type OpenClient = (url: string, take: (data: string) => void) => Promise<unknown>;

/** What all of those that have the interface of the standard share. */
interface EventSourceLike {
  onmessage: ((event: never) => void) | null;
}

function listen(source: EventSourceLike, take: (data: string) => void): void {
  source.onmessage = ({ data }: { data: string }) => take(data);
}

/** The clients, by the name of their row. Each is loaded only where it is used. */
export const clients: Readonly<Record<string, OpenClient>> = {
  "EventSource of @ssekit/client": async (url, take) => {
    const { EventSource } = await import("@ssekit/client/eventsource");
    listen(new EventSource(url), take);
  },
  "EventSourceClient, listener": async (url, take) => {
    const { EventSourceClient } = await import("@ssekit/client");
    new EventSourceClient(url).on("message", ({ data }) => take(data));
  },
  "EventSourceClient, for await": async (url, take) => {
    const { EventSourceClient } = await import("@ssekit/client");
    void iterate(new EventSourceClient(url), take);
  },
  undici: async (url, take) => {
    const { EventSource } = await import("undici");
    listen(new EventSource(url), take);
  },
  eventsource: async (url, take) => {
    const { EventSource } = await import("eventsource");
    listen(new EventSource(url), take);
  },
  native: async (url, take) => {
    const { EventSource } = globalThis as unknown as { EventSource: new (url: string) => EventSourceLike };
    listen(new EventSource(url), take);
  },
};

async function iterate(events: AsyncIterable<{ readonly data: string }>, take: (data: string) => void): Promise<void> {
  for await (const { data } of events) take(data);
}
