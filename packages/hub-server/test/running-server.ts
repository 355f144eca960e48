import { once } from "node:events";
import { connect } from "node:net";
import { type DispatchedEvent, parseEventStream } from "@ssekit/codec";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type HubServer, type HubServerOptions, startHubServer } from "../src/hub-server.ts";

/** What the servers of a test reported; a test takes out what it expects. */
export const errors: unknown[] = [];

/** Starts a server of the test's own. */
export const start = (options: HubServerOptions = {}): Promise<HubServer> =>
  startHubServer({ port: 0, onError: (error) => errors.push(error), ...options });

/** The server that all tests of a file share. */
export let server: HubServer;
beforeAll(async () => {
  server = await start();
});
afterAll(() => server.close());
afterEach(() => {
  expect(errors.splice(0)).toEqual([]);
});

/** The URL of the Mercure endpoint. */
export const endpoint = (query = "", { url }: HubServer = server): string => `${url}/.well-known/mercure${query}`;

export interface PostOptions {
  headers?: Record<string, string>;
  to?: HubServer;
}

/** Publishes by a form. */
export function post(
  fields: string | Record<string, string> | string[][],
  { headers = {}, to }: PostOptions = {},
): Promise<Response> {
  return fetch(endpoint("", to), { method: "POST", body: new URLSearchParams(fields), headers });
}

export interface Reader {
  response: Response;
  /** The next event that is not the hub's own. */
  next(): Promise<DispatchedEvent>;
  /** The next event of whatever type. */
  nextOfAny(): Promise<DispatchedEvent>;
  close(): Promise<void>;
}

/** Subscribes, and gives what arrives. */
export async function read(query: string, { headers = {}, to }: PostOptions = {}): Promise<Reader> {
  const abort = new AbortController();
  const response = await fetch(endpoint(query, to), { headers, signal: abort.signal });
  expect(response.status).toBe(200);
  const events = parseEventStream(response)[Symbol.asyncIterator]();
  const nextOfAny = async (): Promise<DispatchedEvent> => {
    const { value, done } = await events.next();
    if (done) throw new Error("The stream ended");
    return value;
  };
  const next = async (): Promise<DispatchedEvent> => {
    const event = await nextOfAny();
    return event.type.startsWith("ssekit.") ? next() : event;
  };
  const close = async (): Promise<void> => {
    abort.abort();
    await events.next().catch(() => undefined);
  };
  return { response, next, nextOfAny, close };
}

/** What the reader gets when something it must not get was published before something that it gets. */
export async function firstAfter(reader: Reader, topic: string): Promise<string> {
  await post({ topic, data: "the end" });
  const { data } = await reader.next();
  await reader.close();
  return data;
}

/** Writes bytes to the server as they are and gives all that it answers until it closes, or `until` is found. */
export async function raw(text: string, until: RegExp = /never/): Promise<string> {
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname).setEncoding("utf8");
  let answer = "";
  socket.on("error", () => undefined);
  socket.on("data", (data: string) => {
    answer += data;
    if (until.test(answer)) socket.destroy();
  });
  socket.write(text);
  await once(socket, "close");
  return answer;
}
