import { once } from "node:events";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import process from "node:process";
import { setTimeout } from "node:timers/promises";
import { answerTasks } from "../child-program.ts";
import { clock } from "./clock.ts";
import type { LoadTask, ServerTask, Usage } from "./messages.ts";

/** A server of the comparison, once it listens. */
export interface Subject {
  readonly port: number;
  /** Sends one event to all readers. */
  publish(data: string, index: number): unknown;
  /** The end of a turn, for a program that gathers its events. */
  endTurn?(): void;
}

/** Lets the comparison drive this process's server. */
export function serveSubject(subject: Subject): void {
  answerTasks({ port: subject.port }, (task: ServerTask) => (task.task === "usage" ? usage() : load(subject, task)));
}

/** A `node:http` server on a free port, with room for all readers to come at once. */
export async function listenOnNode(listener: RequestListener, backlog = 4096): Promise<number> {
  const server = createServer(listener).listen({ port: 0, host: "127.0.0.1", backlog });
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

async function load(subject: Subject, { events, perTurn, interval, size, awaited = false }: LoadTask): Promise<void> {
  const started = clock();
  const padding = "x".repeat(size);
  for (let sent = 0; sent < events; ) {
    // The data begins with its number and when it was due, in microseconds.
    const due = Math.round((started + (sent / perTurn) * interval) * 1000);
    const published: unknown[] = [];
    for (const end = Math.min(sent + perTurn, events); sent < end; sent += 1) {
      published.push(subject.publish(`${sent} ${due} ${padding}`.slice(0, size), sent));
    }
    subject.endTurn?.();
    if (awaited) await Promise.all(published);
    const next = started + (sent / perTurn) * interval - clock();
    if (interval > 0 && next > 1) await setTimeout(next);
    else await new Promise((resolve) => setImmediate(resolve));
  }
}

const { Bun, gc } = globalThis as { Bun?: { gc(now: boolean): void }; gc?: () => void };

/** CPU time of the collections that were asked for, which are not the server's work. */
let collecting = 0;

function usage(): Usage {
  const before = cpuTime();
  if (Bun === undefined) gc?.();
  else Bun.gc(true);
  collecting += cpuTime() - before;
  return { cpu: cpuTime() - collecting, memory: process.memoryUsage().rss };
}

function cpuTime(): number {
  const { user, system } = process.cpuUsage();
  return user + system;
}
