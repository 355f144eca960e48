import type { RequestHandler } from "@sveltejs/kit";
import { eventStreamResponse } from "ssekit";

// Hello world. The stream stays open until its reader leaves or you close it.
export const GET: RequestHandler = ({ request }) =>
  eventStreamResponse(request, (stream) => stream.send({ data: "Hello world!" }));
