import { type Script, ScriptedServer } from "testing";
import type { EventSourceClientOptions } from "../src/client-options.ts";
import type { ClientState } from "../src/client-state.ts";
import { EventSourceClient } from "../src/event-source-client.ts";
import { opened } from "./opened.ts";
import { turn } from "./scripts.ts";

/** Options with which a test need not wait. */
export const fast = { retry: { floor: 1, spread: 1 } };

/** A client of a server that answers by the scripts. */
export async function open<Events extends object = Record<string, string>>(
  scripts: Script[],
  options: EventSourceClientOptions<Events> = {},
): Promise<{ client: EventSourceClient<Events>; server: ScriptedServer }> {
  const server = await ScriptedServer.start(...scripts);
  const client = new EventSourceClient<Events>(`${server.origin}/`, options);
  opened.push(client, server);
  return { client, server };
}

/** The data of all that comes until the client closes. */
export async function collect(client: EventSourceClient): Promise<unknown[]> {
  const all: unknown[] = [];
  for await (const { data } of client) all.push(data);
  return all;
}

/** Waits for a state, and until what it leads to in the same turn has begun. */
export async function untilState(client: EventSourceClient, is: (state: ClientState) => boolean): Promise<void> {
  await new Promise<void>((resolve) => {
    if (is(client.state)) resolve();
    client.onState((state) => is(state) && resolve());
  });
  await turn();
}
