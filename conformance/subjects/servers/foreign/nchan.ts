import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findBinary, freePort, startNginx } from "testing";
import type { Attachment } from "../../../src/attachment.ts";
import { attachServer, capabilitiesOf } from "../../../src/server/attach-server.ts";
import { httpPublisher } from "../../../src/server/http-publisher.ts";
import { parseRequestTemplate } from "../../../src/server/publish-template.ts";
import type { Publisher } from "../../../src/server/publisher.ts";
import type { Durations, ServerSubject } from "../../../src/server/server-subject.ts";

const MODULE = "/usr/lib/nginx/modules/ngx_nchan_module.so";

/** As its documentation has it, with its pings on, and a newcomer beginning at what is new in place of the oldest. */
export const nchanConfig = (port: number): string => `load_module ${MODULE};
events {}
http {
  server {
    listen 127.0.0.1:${port};
    location ~ ^/publish/(\\w+)$ {
      nchan_publisher;
      nchan_channel_id $1;
      nchan_message_buffer_length 1000;
      client_max_body_size 8m;
      client_body_buffer_size 8m;
    }
    location ~ ^/events/(\\w+)$ {
      nchan_subscriber eventsource;
      nchan_channel_id $1;
      nchan_subscriber_first_message newest;
      nchan_eventsource_ping_interval 15;
    }
    location = /status { nchan_stub_status; }
  }
}
`;

/** Starts nginx with nchan; each case has a channel of its own. */
export async function attachNchan(durations: Partial<Durations>): Promise<Attachment<ServerSubject>> {
  const path = findBinary("nginx");
  if (path === undefined)
    throw new Error("Cannot test nchan: nginx is not on PATH; install nginx and its nchan module");
  const folder = await mkdtemp(join(tmpdir(), "ssekit-nchan-"));
  const port = await freePort();
  const program = await startNginx(path, { config: nchanConfig(port), folder });
  const status = await (await fetch(`http://127.0.0.1:${port}/status`)).text();
  let channels = 0;
  return {
    name: "nchan",
    version: /nchan version: (\S+)/.exec(status)?.[1],
    capabilities: capabilitiesOf(publisherOf(port, "none"), undefined),
    open: async (context) => {
      const channel = `c${++channels}`;
      const url = `http://127.0.0.1:${port}/events/${channel}`;
      const attachment = await attachServer({ url, publisher: publisherOf(port, channel), durations });
      context.defer(() => attachment.close());
      return await attachment.open(context);
    },
    close: async () => {
      await program.stop();
      await rm(folder, { recursive: true });
    },
  };
}

function publisherOf(port: number, channel: string): Publisher {
  const template = parseRequestTemplate(`POST http://127.0.0.1:${port}/publish/${channel} {{data}}`);
  if (template === undefined) throw new Error("Cannot read the template");
  return httpPublisher(template, { fields: [["X-EventSource-Event", "{{event}}"]], tls: {}, within: 8_000 });
}
