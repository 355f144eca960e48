import { FIRST, HEAD, textOf } from "./bare.ts";

const encoder = new TextEncoder();
const controllers: ReadableStreamDefaultController<Uint8Array>[] = [];

/** A bare `Response` whose stream stays open after its first bytes. */
export function bareStreamResponse(): Response {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      controllers.push(controller);
      controller.enqueue(encoder.encode(FIRST));
    },
  });
  return new Response(body, { headers: HEAD });
}

/** Sends an event to all of them, encoded once. */
export function publishToBareStreams(data: string): void {
  const bytes = encoder.encode(textOf(data));
  for (const controller of controllers) controller.enqueue(bytes);
}
