import { AttachmentError } from "../attachment.ts";
import type { ClientHost, ClientMessage, HostedClient } from "./client-host.ts";
import type { Exchange } from "./exchange.ts";
import type { ScriptedServer } from "./scripted-server.ts";

/** Milliseconds that a test service has to answer. */
const ANSWER_TIMEOUT = 5_000;

/**
 * Clients behind a test service, as launchdarkly/sse-contract-tests defines its protocol: `GET /` tells the
 * capabilities, `POST /` makes a client, whose own address takes commands and `DELETE`; what it tells comes to
 * `callbackUrl/1`, `callbackUrl/2` and so on, in whatever order.
 *
 * @param url where the service is.
 * @param server takes the callbacks.
 */
export async function hostLaunchDarklyService(url: string, server: ScriptedServer): Promise<ClientHost> {
  const status = await ask("GET", url);
  const said = (await status.json().catch(() => ({}))) as {
    capabilities?: string[];
    name?: string;
    clientVersion?: string;
  };
  return {
    name: said.name ?? url,
    version: said.clientVersion,
    capabilities: said.capabilities ?? [],
    async create(parameters, report): Promise<HostedClient> {
      const callbacks = new Callbacks(report);
      const callbackUrl = server.origin + server.serve((exchange) => callbacks.take(exchange));
      const stream = await createStream(url, { ...parameters, callbackUrl });
      return {
        listen: async (type) => void (await ask("POST", stream, { command: "listen", listen: { type } })),
        restart: async () => void (await ask("POST", stream, { command: "restart" })),
        close: async () => void (await ask("DELETE", stream)),
      };
    },
  };
}

/** Ends a test service, as the protocol has it. */
export async function quitLaunchDarklyService(url: string): Promise<void> {
  await ask("DELETE", url);
}

/** Whether a test service refuses a command that nobody knows: by 400, as the protocol has it, or by having none. */
export async function refusesCommand(url: string, server: ScriptedServer, command: string): Promise<boolean> {
  const streamUrl = server.origin + server.serve((exchange) => exchange.head());
  const callbackUrl = server.origin + server.serve((exchange) => exchange.respond("200 OK"));
  const stream = await createStream(url, { streamUrl, callbackUrl });
  const answer = await send("POST", stream, { command });
  await ask("DELETE", stream);
  return !answer.ok;
}

/** Makes a client, and gives its address. */
async function createStream(url: string, parameters: object): Promise<string> {
  const made = await ask("POST", url, parameters);
  const location = made.headers.get("location");
  if (location !== null) return new URL(location, url).href;
  throw new Error(`Cannot make a client: POST ${url} answered ${made.status} without a Location`);
}

async function ask(method: string, url: string, body?: object): Promise<Response> {
  const response = await send(method, url, body);
  // A client that is gone was to be closed.
  if (response.ok || (method === "DELETE" && response.status === 404)) return response;
  throw new AttachmentError(`Cannot ask the test service: ${method} ${url} answered ${response.status}`);
}

async function send(method: string, url: string, body?: object): Promise<Response> {
  const init =
    body === undefined ? {} : { body: JSON.stringify(body), headers: { "content-type": "application/json" } };
  return await fetch(url, { method, ...init, signal: AbortSignal.timeout(ANSWER_TIMEOUT) });
}

/** Brings callbacks into the order of their numbers. */
class Callbacks {
  readonly #report: (message: ClientMessage) => void;
  readonly #early: Map<number, ClientMessage> = new Map<number, ClientMessage>();
  #next = 1;

  constructor(report: (message: ClientMessage) => void) {
    this.#report = report;
  }

  take(exchange: Exchange): void {
    const { target, body } = exchange.request;
    exchange.respond("200 OK");
    this.#early.set(Number(target.split("/").at(-1)), JSON.parse(body) as ClientMessage);
    for (let message = this.#early.get(this.#next); message !== undefined; message = this.#early.get(this.#next)) {
      this.#early.delete(this.#next++);
      this.#report(message);
    }
  }
}
