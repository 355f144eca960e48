import { join } from "node:path";
import { describeWith, type Program } from "testing";
import { afterAll, beforeAll } from "vitest";
import { describeServer } from "./describe-server.ts";
import { HubHostDriver, startHubHost } from "./hub-host-driver.ts";

const cors = "Access-Control-Allow-Origin is the application's to send";
const EXCEPTIONS = {
  "server/cors/allowed": cors,
  "server/cors/preflight": cors,
  "server/life/reconnection-time": "retry is the application's to set",
};

const file = (name: string): string => join(import.meta.dirname, name);

describeWith("bun", "the Bun adapter", (bun) => {
  describeHost([bun, "--conditions=@ssekit/source", file("bun-host.ts")]);
});

describeWith("deno", "the Deno adapter", (deno) => {
  describeHost([deno, "run", "-A", "--quiet", "--conditions=@ssekit/source", file("deno-host.ts")]);
});

function describeHost(command: string[]): void {
  let program: Program;
  beforeAll(async () => {
    program = await startHubHost(command);
  });
  afterAll(() => program.stop("SIGKILL"));
  for (const scheme of ["http", "https"] as const) {
    const create = (): HubHostDriver => new HubHostDriver(() => program, scheme);
    describeServer(`over ${scheme}`, { create, tls: { insecure: true }, cursorQuery: "lastEventId" }, EXCEPTIONS);
  }
}
