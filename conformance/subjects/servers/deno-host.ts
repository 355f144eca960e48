import { eventStreamResponse } from "@ssekit/deno";
import { HubHost } from "./hub-host.ts";

declare const Deno: {
  serve(
    options: object,
    handler: (request: Request) => Promise<Response>,
  ): { readonly addr: { readonly port: number } };
};

const host = new HubHost();
const { TEST_CERT: cert, TEST_KEY: key } = process.env;
const ports = [{}, { cert, key }].map((tls) => {
  const options = { ...tls, port: 0, hostname: "127.0.0.1", onListen: () => {} };
  return Deno.serve(options, (request) => host.answer(request, (body) => eventStreamResponse(request, body))).addr.port;
});

console.log(`listening on ${ports.join(" and ")}`);
