// EventSourceClient as a test service in the protocol of launchdarkly/sse-contract-tests, at $PORT.
import { serveClientHost } from "../src/client/serve-client-host.ts";
import { eventSourceClientHost } from "./event-source-client-host.ts";

const service = await serveClientHost(eventSourceClientHost, { onQuit: () => process.exit() });
console.log(`listening at ${service.url}`);
