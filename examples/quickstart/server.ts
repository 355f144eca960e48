// What an everyday push server does. Start it, open http://127.0.0.1:3000/?user=ada in a tab or two, and then:
//   curl -d '{"event":"news","data":{"title":"Hello"}}' http://127.0.0.1:3000/api/sse/broadcast
//   curl -d '{"data":"just for you","user":"ada"}'      http://127.0.0.1:3000/api/sse/broadcast
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { json } from "node:stream/consumers";
import { createHub } from "ssekit";
import { openEventStream } from "ssekit/node";

const hub = createHub();

/** GET /api/sse/connect?user=ada: opens a stream, and says welcome with the number on line. */
async function connect(req: IncomingMessage, res: ServerResponse, user: string): Promise<void> {
  const stream = openEventStream(req, res, {
    retry: 2_000, // a reader that loses us comes back after two seconds, and gets what it missed
    heartbeat: 15_000, // a comment where it is quiet, so that no proxy hangs up
    maxAge: 3_600_000, // the time limit: after an hour the reader comes back on a fresh connection
  });
  stream.closed.then((reason) => {
    if (reason === "age") console.log(`${user}: time is up`);
    else if (reason === "error" || reason === "overflow") console.error(`${user}: failed (${reason})`);
    else console.log(`${user}: done (${reason})`);
  }, console.error);
  await hub.subscribe(stream, "everyone", { user });
  stream.send({ event: "welcome", data: { user, online: hub.count() } });
}

/** POST /api/sse/broadcast {"event":"news","data":…}: to everyone or, with "user", to one user's tabs. */
async function broadcast(req: IncomingMessage, res: ServerResponse): Promise<void> {
  const { event = "message", data, user } = (await json(req)) as { event?: string; data: unknown; user?: string };
  const id = await hub.publish(user === undefined ? "everyone" : { user }, { event, data });
  res.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ id, online: hub.count() }));
}

const page = `<!doctype html><title>ssekit quickstart</title><pre id="log"></pre><script>
  const source = new EventSource("/api/sse/connect" + location.search);
  const show = ({ type, data }) => document.querySelector("#log").append(type + ": " + data + "\\n");
  for (const type of ["welcome", "news", "message", "ssekit.gap"]) source.addEventListener(type, show);
</script>`;

const server = createServer((req, res) => {
  const { pathname, searchParams } = new URL(`http://localhost${req.url}`);
  const fail = (error: Error): unknown =>
    res.headersSent ? res.destroy() : res.writeHead(400).end(`${error.message}\n`);
  switch (`${req.method} ${pathname}`) {
    case "GET /api/sse/connect":
      return void connect(req, res, searchParams.get("user") ?? "guest").catch(fail);
    case "POST /api/sse/broadcast":
      return void broadcast(req, res).catch(fail);
    case "GET /":
      return res.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(page);
    default:
      return res.writeHead(404).end("Not found: try / or /api/sse/connect\n");
  }
});

// Node's own backlog of 511 makes readers wait for seconds when thousands come back at once.
server.listen({ port: Number(process.env.PORT ?? 3000), host: "127.0.0.1", backlog: 4096 }, () => {
  const address = server.address();
  console.log(`http://127.0.0.1:${typeof address === "object" ? address?.port : address}`);
});
