import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startHubServer } from "@ssekit/hub-server";
import { describeWith, freePort, localhost, type Program, startNginx } from "testing";
import { afterAll, beforeAll } from "vitest";
import { nginxOfDocs } from "../proxies/attach-placed.ts";
import { describeServer } from "./describe-server.ts";
import { HubServerDriver, type SharedHub } from "./hub-server-driver.ts";

// hub-server has no TLS of its own: over HTTP/2 its readers come through what docs/deployment puts before it.
describeWith("nginx", "hub-server behind nginx, over TLS and HTTP/2", (path) => {
  let shared: SharedHub;
  let nginx: Program;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "ssekit-conformance-"));
    const pem = join(folder, "localhost.pem");
    await writeFile(pem, localhost.cert + localhost.key);
    const [http, https] = [await freePort(), await freePort()];
    const server = await startHubServer({ port: 0 });
    const config = await nginxOfDocs({ http, https, origin: Number(new URL(server.url).port), pem });
    nginx = await startNginx(path, { config, folder });
    shared = { server, front: `https://localhost:${https}` };
  });
  afterAll(async () => {
    await nginx.stop();
    await shared.server.close();
    await rm(folder, { recursive: true });
  });
  const create = (): HubServerDriver => new HubServerDriver(() => shared);
  const server = { create, tls: { insecure: true }, cursorQuery: "last_event_id" };
  describeServer("it", server, { "server/head/x-accel-buffering": "nginx keeps the field, which is meant for it" });
});
