// One process of a hub that judges its readers: argv[2] is the URL of its Redis, argv[3] how many times as fast as the
// clock its hub lives. `GET /events?user=` is a stream, `GET /users` who is there; `POST /grant?user=&topics=` says what
// a user may read here, and asks nobody to judge; `POST /disconnect?user=`, `/reauthorize?user=` and
// `/publish?topic=&data=` do that. Prints where it listens.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createHub } from "@ssekit/hub";
import { redisLog } from "@ssekit/hub-redis";
import { openEventStream } from "@ssekit/node";
import { Redis } from "ioredis";

const [, , url = "", speed = "1"] = process.argv;
const pace = Number(speed);
const client = new Redis(url, { retryStrategy: () => 50 });
client.on("error", () => {});
const hub = createHub({
  log: redisLog(client),
  onError: () => {},
  clock: {
    now: () => performance.now() * pace,
    every(interval, tick) {
      const timer = setInterval(tick, interval / pace).unref();
      return () => clearInterval(timer);
    },
  },
});

/** What each user may read; `news` where nothing was said. */
const grants = new Map<string, readonly string[]>();

const server = createServer(async (req, res) => {
  const { pathname, searchParams } = new URL(req.url ?? "", "http://localhost");
  const user = searchParams.get("user") ?? "";
  if (pathname === "/events") {
    const authorize = (): { matchers: readonly string[] } | undefined => {
      const matchers = grants.get(user) ?? ["news"];
      return matchers.length > 0 ? { matchers } : undefined;
    };
    await hub.subscribe(openEventStream(req, res), "news", { user, authorize, presence: true });
    return;
  }
  if (pathname === "/grant") grants.set(user, searchParams.getAll("topic"));
  else if (pathname === "/disconnect") await hub.disconnect({ user });
  else if (pathname === "/reauthorize") await hub.reauthorize({ user });
  else if (pathname === "/publish") {
    await hub.publish(searchParams.get("topic") ?? "", { data: searchParams.get("data") ?? "" });
  }
  res.end(JSON.stringify([...(await hub.users())].sort()));
});
server.listen(0, "127.0.0.1", () => {
  console.log(`listening at http://127.0.0.1:${(server.address() as AddressInfo).port}`);
});
