/** What `Bun.serve` hands to a handler beside the request. */
export interface BunServer {
  readonly port: number;
  timeout(request: Request, seconds: number): void;
}

declare const Bun: {
  serve(options: { port: number; hostname: string; fetch(request: Request, server: BunServer): unknown }): BunServer;
};

declare const Deno: {
  serve(
    options: { port: number; hostname: string; onListen(): void },
    handler: (request: Request) => Response | Promise<Response>,
  ): { readonly addr: { readonly port: number } };
};

/** `Bun.serve` on a free port; gives the port. */
export function serveOnBun(fetch: (request: Request, server: BunServer) => Response | Promise<Response>): number {
  return Bun.serve({ port: 0, hostname: "127.0.0.1", fetch }).port;
}

/** `Deno.serve` on a free port; gives the port. */
export function serveOnDeno(handler: (request: Request) => Response | Promise<Response>): number {
  return Deno.serve({ port: 0, hostname: "127.0.0.1", onListen: () => {} }, handler).addr.port;
}
