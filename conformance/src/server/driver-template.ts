import type { Manifest } from "./init-command.ts";

/** The text of a driver for a project, by the framework and the library of event streams in its package.json. */
export function driverTemplate(manifest: Manifest): string {
  const names = new Set([...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.devDependencies ?? {})]);
  const framework = Object.keys(START).find((name) => names.has(name));
  const library = Object.keys(LIBRARIES).find((name) => names.has(name));
  const found = [framework, library].filter((name) => name !== undefined);
  return [
    `// How @ssekit/conformance uses your server. Written for ${found.join(" with ") || "a server of your own"}.`,
    "// Run it: npx @ssekit/conformance server --driver conformance-driver.mjs",
    "",
    ...(framework === undefined && library !== undefined
      ? (LIBRARIES[library]?.whole ?? [])
      : application(framework, library)),
    "",
  ].join("\n");
}

/** What is known of a library. */
interface Library {
  /** A driver that runs as it is, where nothing else serves. */
  readonly whole: readonly string[];
  /** Lines that publish by it in an application. */
  readonly publish: readonly string[];
  /** What else the driver says of it. */
  readonly more?: readonly string[];
}

const HTTP = [
  "",
  "export default {",
  "  async start() {",
  '    await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));',
  '    return "http://127.0.0.1:" + server.address().port + "/events";',
  "  },",
];
const STOP = ["  stop() {", "    server.closeAllConnections();", "    server.close();", "  },", "};"];

const LIBRARIES: Readonly<Record<string, Library>> = {
  ssekit: {
    publish: ['    // await hub.publish("news", event);'],
    whole: [
      'import { createServer } from "node:http";',
      'import { createHub } from "ssekit";',
      'import { openEventStream } from "ssekit/node";',
      "",
      "const hub = createHub();",
      'const server = createServer((req, res) => void hub.subscribe(openEventStream(req, res), "news"));',
      ...HTTP,
      "  async publish(event) {",
      '    await hub.publish("news", event);',
      "  },",
      "  count: () => hub.count(),",
      ...STOP,
    ],
  },
  "better-sse": {
    publish: [
      "    // channel.broadcast(event.data, event.event, event.id === undefined ? {} : { eventId: event.id });",
    ],
    more: [
      "  json: true, // better-sse sends data as JSON",
      '  without: ["retry"], // and has no place for it in an event',
    ],
    whole: [
      'import { createServer } from "node:http";',
      'import { createChannel, createSession } from "better-sse";',
      "",
      "const channel = createChannel();",
      "const server = createServer(async (req, res) => channel.register(await createSession(req, res)));",
      ...HTTP,
      "  publish({ event, data, id }) {",
      "    channel.broadcast(data, event, id === undefined ? {} : { eventId: id });",
      "  },",
      "  count: () => channel.sessionCount,",
      "  json: true, // better-sse sends data as JSON",
      '  without: ["retry"], // and has no place for it in an event',
      ...STOP,
    ],
  },
};

const LISTEN = [
  '    // server = app.listen(0, "127.0.0.1");',
  '    // await new Promise((resolve) => server.once("listening", resolve));',
  '    // return "http://127.0.0.1:" + server.address().port + "/events";',
];

/** How an application of a framework is started. */
const START: Readonly<Record<string, readonly string[]>> = {
  fastify: ['    // return (await app.listen({ port: 0, host: "127.0.0.1" })) + "/events";'],
  hono: [
    '    // server = serve({ fetch: app.fetch, port: 0, hostname: "127.0.0.1" }); // of "@hono/node-server"',
    ...LISTEN.slice(1),
  ],
  h3: [
    '    // server = serve(app, { port: 0, hostname: "127.0.0.1" });',
    "    // await server.ready();",
    '    // return new URL("/events", server.url).href;',
  ],
  "@nestjs/core": ['    // await app.listen(0, "127.0.0.1");', '    // return (await app.getUrl()) + "/events";'],
  next: ['    // return "http://127.0.0.1:3000/events"; // start it yourself: npx next start'],
  express: LISTEN,
  koa: LISTEN,
};

/** An application that has its own streams. */
function application(framework: string | undefined, library: string | undefined): readonly string[] {
  const { publish, more = [] } = LIBRARIES[library ?? ""] ?? {
    publish: ["    // for (const stream of streams) stream.write(…);"],
  };
  const start = START[framework ?? ""] ?? [];
  return [
    `// import { app } from "./app.js"; // your ${framework ?? "server's"} application, and what it publishes with`,
    ...(start.some((line) => line.includes(" server = ")) ? ["// let server;"] : []),
    "",
    "export default {",
    "  // Start your application on a free port, and give the URL of its event stream.",
    "  async start() {",
    ...start,
    '    throw new Error("Fill in start() of conformance-driver.mjs");',
    "  },",
    "  // Send an event to every open stream: { data, event?, id?, retry? }. Throw to refuse it.",
    "  async publish(event) {",
    ...publish,
    '    throw new Error("Fill in publish() of conformance-driver.mjs");',
    "  },",
    ...more,
    "  // Optional: end every stream; the number of open streams; stop what start() started.",
    "  // async closeAll() {},",
    "  // count: () => 0,",
    "  // async stop() {},",
    "};",
  ];
}
