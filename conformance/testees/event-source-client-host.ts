import { type ClientState, EventSourceClient, type RetryPolicy } from "@ssekit/client";
import type { ClientHost, ClientMessage, HostedClient, StreamParameters } from "../src/client/client-host.ts";

/**
 * `EventSourceClient` under test. By itself it tries again what passes; where a case does not ask for that, each response
 * that is no stream is final, as the standard has it, and no wait is spread.
 */
export const eventSourceClientHost: ClientHost = {
  name: "@ssekit/client EventSourceClient",
  capabilities: [
    ...["bom", "comments", "headers", "last-event-id", "post", "report", "read-timeout", "restart"],
    ...["server-directed-shutdown-request", "ready-state", "open-events", "retry", "close", "resilient"],
  ],
  create: async (parameters, report) => createClient(parameters, report),
};

function createClient(
  {
    streamUrl,
    initialDelayMs,
    readTimeoutMs,
    lastEventId,
    headers,
    method,
    body,
    closeAt,
    resilient,
  }: StreamParameters,
  report: (message: ClientMessage) => void,
): HostedClient {
  const standard: RetryPolicy = {
    floor: initialDelayMs || 1,
    ceiling: 2_147_483_647,
    spread: 0,
    isFinal: ({ reason }) => reason === "status" || reason === "content-type",
  };
  const client = new EventSourceClient(streamUrl, {
    headers: headers && { ...headers },
    method,
    body,
    lastEventId,
    // The program says that a request may be repeated that is no GET.
    resume: true,
    idleTimeout: readTimeoutMs ?? 0,
    retry: resilient
      ? { floor: resilient.floorMs, ceiling: resilient.ceilingMs, spread: resilient.spreadMs }
      : standard,
    onError: () => {},
  });
  const counts = { open: 0, event: 0, error: 0 };
  const tell = (message: Exclude<ClientMessage, { kind: "comment" }>): void => {
    report(message);
    if (closeAt?.kind === message.kind && closeAt.nth === ++counts[message.kind]) client.close();
  };
  client.onAny(({ type, data, lastEventId: id }) => {
    tell({ kind: "event", event: { type, data, id }, readyState: client.readyState });
  });
  client.onComment((comment) => report({ kind: "comment", comment }));
  let before: ClientState = client.state;
  client.onState((state) => {
    const { readyState, nextAttemptAt, closeReason, disconnection } = state;
    const opens = readyState === 1 && before.readyState !== 1;
    const waits = nextAttemptAt !== undefined && nextAttemptAt !== before.nextAttemptAt;
    before = state;
    if (opens) tell({ kind: "open", readyState });
    // A restart is no error, nor is what the program closed itself.
    const fails = readyState === 2 && closeReason !== "client";
    if (fails || (waits && disconnection?.reason !== "reconnect")) {
      tell({ kind: "error", error: disconnection?.reason ?? "closed", readyState });
    }
  });
  return {
    listen: async () => {},
    restart: async () => client.reconnect(),
    close: async () => client.close(),
  };
}
