import { eventStreamResponse } from "@ssekit/bun";
import { AdapterFixture } from "testing/adapter-fixture";

declare const Bun: { serve(options: object): BunServer };

interface BunServer {
  readonly port: number;
  timeout(request: Request, seconds: number): void;
  stop(closeActiveConnections: boolean): Promise<void>;
}

const fixture = new AdapterFixture(() => void server.stop(true));

const server = Bun.serve({
  port: 0,
  hostname: "127.0.0.1",
  // The shortest that there is: Bun looks every four seconds.
  idleTimeout: 1,
  async fetch(request: Request, server: BunServer): Promise<Response> {
    const { url } = request;
    if (url.endsWith("/never")) return new Promise(() => {});
    const answer = fixture.answer(url);
    if (answer === undefined) {
      return eventStreamResponse(request, (stream) => fixture.play(url, stream), { ...fixture.init(url), server });
    }
    server.timeout(request, 0);
    return new Response(await answer);
  },
});

console.log(`listening on ${server.port}`);
