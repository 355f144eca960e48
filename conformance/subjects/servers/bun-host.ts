import { eventStreamResponse } from "@ssekit/bun";
import { HubHost } from "./hub-host.ts";

declare const Bun: { serve(options: object): BunServer };

interface BunServer {
  readonly port: number;
  timeout(request: Request, seconds: number): void;
}

const host = new HubHost();
const { TEST_CERT: cert, TEST_KEY: key } = process.env;
const ports = [{}, { tls: { cert, key } }].map((tls) => {
  const fetch = (request: Request, server: BunServer): Promise<Response> =>
    host.answer(request, (body) => eventStreamResponse(request, body, { server }));
  return Bun.serve({ ...tls, port: 0, hostname: "127.0.0.1", fetch }).port;
});

console.log(`listening on ${ports.join(" and ")}`);
