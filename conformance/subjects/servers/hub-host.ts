import { createHub } from "@ssekit/hub";
import type { EventStream } from "@ssekit/server";

/** A hub and its open streams. */
interface HostedHub {
  readonly hub: ReturnType<typeof createHub>;
  readonly streams: Set<EventStream>;
}

/**
 * The program under test on a runtime, save for how that serves it: any number of hubs, each by the first part of its
 * path. `GET /name/events` is a stream; `POST /name/publish`, `/name/count`, `/name/close` are asked by a driver.
 */
export class HubHost {
  readonly #hubs = new Map<string, HostedHub>();

  /** Answers a request; `open` is how the adapter under test opens a stream. */
  async answer(request: Request, open: (body: (stream: EventStream) => void) => Promise<Response>): Promise<Response> {
    const [, name = "", what] = new URL(request.url).pathname.split("/");
    const hosted = this.#hubs.get(name) ?? { hub: createHub(), streams: new Set() };
    this.#hubs.set(name, hosted);
    if (what !== "events") return await ask(hosted, what, request);
    if (request.method !== "GET" && request.method !== "HEAD") {
      return new Response(null, { status: 405, headers: { allow: "GET, HEAD" } });
    }
    return await open((stream) => {
      void hosted.hub.subscribe(stream, "news");
      if (request.method === "HEAD") return;
      hosted.streams.add(stream);
      void stream.closed.then(() => hosted.streams.delete(stream));
    });
  }
}

async function ask({ hub, streams }: HostedHub, what: string | undefined, request: Request): Promise<Response> {
  if (what === "count") return Response.json(streams.size);
  if (what === "close") {
    for (const stream of streams) stream.close();
    return Response.json(streams.size);
  }
  try {
    return Response.json(await hub.publish("news", (await request.json()) as { data: string }));
  } catch (error) {
    return new Response((error as Error).message, { status: 400 });
  }
}
