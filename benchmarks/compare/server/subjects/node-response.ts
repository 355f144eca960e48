// A plain `node:http` server: `res.write` for each event and reader. With an argument, its backlog is Node's default.
import type { ServerResponse } from "node:http";
import { listenOnNode, serveSubject } from "../serve-subject.ts";
import { openBare, textOf } from "./bare.ts";

const NODE_DEFAULT_BACKLOG = 511;

const responses: ServerResponse[] = [];
serveSubject({
  port: await listenOnNode(
    (_, res) => {
      openBare(res);
      responses.push(res);
    },
    process.argv[2] === undefined ? undefined : NODE_DEFAULT_BACKLOG,
  ),
  publish(data) {
    const text = textOf(data);
    for (const response of responses) response.write(text);
  },
});
