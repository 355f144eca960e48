import { eventStreamResponse } from "@ssekit/deno";
import { AdapterFixture } from "testing/adapter-fixture";

declare const Deno: {
  serve(
    options: object,
    handler: (request: Request) => Promise<Response>,
  ): { readonly addr: { readonly port: number } };
};

const stop = new AbortController();
const fixture = new AdapterFixture(() => stop.abort());
const options = { port: 0, hostname: "127.0.0.1", signal: stop.signal, onListen: () => {} };

const server = Deno.serve(options, async (request) => {
  const { url } = request;
  const answer = fixture.answer(url);
  if (answer !== undefined) return new Response(await answer);
  return eventStreamResponse(request, (stream) => fixture.play(url, stream), fixture.init(url));
});

console.log(`listening on ${server.addr.port}`);
