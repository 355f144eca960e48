import { eventStreamResponse } from "ssekit";

// Hello world. The stream stays open until its reader leaves or you close it.
export function GET(request: Request): Promise<Response> {
  return eventStreamResponse(request, (stream) => stream.send({ data: "Hello world!" }));
}
