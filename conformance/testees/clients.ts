// Our clients as the command line attaches them: `ssekit-conformance client --module testees/clients.ts#EventSource`.
export { EventSource } from "@ssekit/client/eventsource";
export { eventSourceClientHost } from "./event-source-client-host.ts";
