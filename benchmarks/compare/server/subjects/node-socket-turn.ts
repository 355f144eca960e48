// The floor for bursts: `node:http`, all events of a turn framed once and written straight to every socket.
import type { Socket } from "node:net";
import { listenOnNode, serveSubject } from "../serve-subject.ts";
import { framed, openBare, textOf } from "./bare.ts";

const sockets: Socket[] = [];
let texts = "";
serveSubject({
  port: await listenOnNode((_, res) => {
    openBare(res);
    if (res.socket !== null) sockets.push(res.socket);
  }),
  publish(data) {
    texts += textOf(data);
  },
  endTurn() {
    const chunk = framed(texts);
    texts = "";
    for (const socket of sockets) socket.write(chunk);
  },
});
