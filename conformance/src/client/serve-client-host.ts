import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { ClientHost, ClientMessage, HostedClient, StreamParameters } from "./client-host.ts";

/** A test service that runs. */
export interface ClientService {
  readonly url: string;
  close(): Promise<void>;
}

/** What `POST /` asks for. */
type CreateRequest = StreamParameters & { readonly callbackUrl: string };

/**
 * Serves a host as a test service in the protocol of launchdarkly/sse-contract-tests, so that its harness and this suite
 * can test what it makes.
 *
 * @param host makes the clients.
 * @param options `port` to listen on, `$PORT` or else 8000 by default; `onQuit` is called at `DELETE /`.
 */
export async function serveClientHost(
  host: ClientHost,
  { port = Number(process.env.PORT ?? 8000), onQuit = () => {} }: { port?: number; onQuit?: () => void } = {},
): Promise<ClientService> {
  const clients = new Map<string, HostedClient>();
  let made = 0;

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method, url = "/" } = request;
    const body = await textOf(request);
    const client = clients.get(url);
    const { name, version, capabilities } = host;
    if (url === "/" && method === "GET") {
      response
        .setHeader("content-type", "application/json")
        .end(JSON.stringify({ name, clientVersion: version, capabilities }));
    } else if (url === "/" && method === "POST") {
      const { callbackUrl, ...parameters } = JSON.parse(body) as CreateRequest;
      if (parameters.streamUrl === undefined || callbackUrl === undefined) return void response.writeHead(400).end();
      const location = `/clients/${++made}`;
      clients.set(location, await host.create(parameters, callBack(callbackUrl)));
      response.writeHead(201, { location }).end();
    } else if (url === "/" && method === "DELETE") {
      response.end();
      onQuit();
    } else if (client === undefined) {
      response.writeHead(404).end();
    } else if (method === "DELETE") {
      clients.delete(url);
      await client.close();
      response.end();
    } else {
      response.writeHead((await obey(client, body)) ? 200 : 400).end();
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error) => response.writeHead(400).end(`${error}`));
  });
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    async close() {
      for (const client of clients.values()) await client.close();
      server.closeAllConnections();
      server.close();
    },
  };
}

/** Sends messages in their order, each with its number. */
function callBack(callbackUrl: string): (message: ClientMessage) => void {
  let count = 0;
  let sent = Promise.resolve();
  return (message) => {
    const url = `${callbackUrl}/${++count}`;
    const body = JSON.stringify(message);
    sent = sent.then(async () => {
      const response = await fetch(url, { method: "POST", body, headers: { "content-type": "application/json" } });
      await response.body?.cancel();
    });
    // Who asked may have gone.
    sent = sent.catch(() => {});
  };
}

async function obey(client: HostedClient, body: string): Promise<boolean> {
  const { command, listen } = JSON.parse(body) as { command?: string; listen?: { type: string } };
  if (command === "restart") await client.restart();
  else if (command === "listen" && listen !== undefined) await client.listen(listen.type);
  else return false;
  return true;
}

async function textOf(request: IncomingMessage): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk as Uint8Array);
  const bytes = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return new TextDecoder().decode(bytes);
}
