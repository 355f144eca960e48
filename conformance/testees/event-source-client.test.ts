import { describe } from "vitest";
import type { Attachment } from "../src/attachment.ts";
import { attachClient } from "../src/client/attach-client.ts";
import { attachClientService } from "../src/client/attach-client-service.ts";
import { CLIENT_CASES } from "../src/client/client-cases.ts";
import type { ClientSubject } from "../src/client/client-subject.ts";
import { serveClientHost } from "../src/client/serve-client-host.ts";
import { describeClient, PATIENCE } from "./describe-client.ts";
import { eventSourceClientHost } from "./event-source-client-host.ts";

describe("EventSourceClient of @ssekit/client", () => {
  describeClient(() => attachClient(eventSourceClientHost, { profile: "resilient", patience: PATIENCE }));
});

describe("EventSourceClient as a test service in the protocol of launchdarkly/sse-contract-tests", () => {
  // What the protocol has messages for; the other cases are as good without it.
  const spoken = CLIENT_CASES.filter(({ id }) => /^client\/(smoke|close|comments|extensions|last-event-id)\//.test(id));
  describeClient(attachService, { cases: spoken });
});

async function attachService(): Promise<Attachment<ClientSubject>> {
  const service = await serveClientHost(eventSourceClientHost, { port: 0 });
  const attachment = await attachClientService({ url: service.url, patience: PATIENCE });
  return {
    ...attachment,
    async close() {
      await service.close();
      await attachment.close();
    },
  };
}
