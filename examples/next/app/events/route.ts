import { createHub, eventStreamResponse } from "ssekit";

const hub = createHub();

/** All that is published, and to a reader that comes back what it missed. */
export function GET(request: Request): Promise<Response> {
  return eventStreamResponse(request, async (stream) => {
    void stream.closed.then((reason) => console.log(`a reader's stream ended (${reason})`));
    await hub.subscribe(stream, "news");
    stream.send({ event: "welcome", data: { online: hub.count() } });
  });
}

export async function POST(request: Request): Promise<Response> {
  const id = await hub.publish("news", { event: "news", data: await request.json() });
  return Response.json({ id });
}
