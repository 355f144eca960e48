// The floor for one event a turn: `node:http`, each event framed once and written straight to every socket.
import type { Socket } from "node:net";
import { listenOnNode, serveSubject } from "../serve-subject.ts";
import { framed, openBare, textOf } from "./bare.ts";

const sockets: Socket[] = [];
serveSubject({
  port: await listenOnNode((_, res) => {
    openBare(res);
    if (res.socket !== null) sockets.push(res.socket);
  }),
  publish(data) {
    const chunk = framed(textOf(data));
    for (const socket of sockets) socket.write(chunk);
  },
});
