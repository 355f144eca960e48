import type { Manifest } from "./init-command.ts";

/** The text of a driver for a project, by the first library in its package.json that is known here. */
export function driverTemplate(manifest: Manifest): string {
  const names = new Set([...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.devDependencies ?? {})]);
  const known = KNOWN.find(({ name }) => names.has(name)) ?? PLAIN;
  return [
    `// How @ssekit/conformance uses your server. Written for ${known.what}.`,
    `// Run it: npx ssekit-conformance server --driver conformance-driver.js`,
    ...known.lines,
    "",
  ].join("\n");
}

interface Known {
  readonly name: string;
  readonly what: string;
  readonly lines: readonly string[];
}

const LISTEN = [
  "",
  "export default {",
  "  async start() {",
  '    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));',
  "    const { port } = server.address();",
  '    return "http://127.0.0.1:" + port + "/events";',
  "  },",
];

const STOP = ["  stop() {", "    server.closeAllConnections();", "    server.close();", "  },", "};"];

const HUB = [
  'import { createServer } from "node:http";',
  'import { createHub, openEventStream } from "ssekit/node";',
  "",
  "const hub = createHub();",
  'const server = createServer((req, res) => void hub.subscribe(openEventStream(req, res), "news"));',
  ...LISTEN,
  '  publish: ({ event, data, id, retry }) => hub.publish("news", { event, data, id, retry }),',
  "  count: () => hub.count(),",
  ...STOP,
];

const BETTER_SSE = [
  'import { createServer } from "node:http";',
  'import { createChannel, createSession } from "better-sse";',
  "",
  "const channel = createChannel();",
  "const server = createServer(async (req, res) => {",
  "  channel.register(await createSession(req, res));",
  "});",
  ...LISTEN,
  "  // better-sse sends data as JSON.",
  "  json: true,",
  "  publish({ event, data, id }) {",
  '    channel.broadcast(data, event ?? "message", id === undefined ? {} : { eventId: id });',
  "    return channel.sessionCount;",
  "  },",
  "  count: () => channel.sessionCount,",
  ...STOP,
];

/** An application whose routes open streams by hand. */
function application(what: string, load: readonly string[]): readonly string[] {
  return [
    ...load,
    "",
    "export default {",
    "  // Start your application on a free port, and give the URL of its event stream.",
    "  async start() {",
    `    throw new Error("Fill in start() of conformance-driver.js: start ${what}");`,
    "  },",
    "  // Send an event to every open stream: { data, event?, id?, retry? }. Throw to refuse it.",
    "  async publish(event) {",
    '    throw new Error("Fill in publish() of conformance-driver.js");',
    "  },",
    "  // Optional: end every stream; the number of open streams; stop what start() started.",
    "  // async closeAll() {},",
    "  // count: () => 0,",
    "  // async stop() {},",
    "};",
  ];
}

const KNOWN: readonly Known[] = [
  { name: "ssekit", what: "ssekit's hub", lines: HUB },
  { name: "better-sse", what: "better-sse", lines: BETTER_SSE },
  ...["fastify", "hono", "h3", "express", "koa", "next", "@nestjs/core"].map((name) => ({
    name,
    what: name,
    lines: application(`your ${name} application`, [
      `// import { app } from "./src/app.js"; // your ${name} application`,
    ]),
  })),
];

const PLAIN: Known = { name: "", what: "a server of your own", lines: application("your server", []) };
