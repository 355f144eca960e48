// A client in a process of its own: `read-events.ts <client> <url>` prints the events of a stream, and ends with the second.
import process from "node:process";
import { EventSource, EventSourceClient } from "@ssekit/client";

const [, , name, url = ""] = process.argv;

function print({ data, lastEventId }: { readonly data: string; readonly lastEventId: string }): void {
  console.log(`event ${lastEventId}: ${data}`);
  if (lastEventId === "2") process.exit(0);
}

if (name === "EventSource") new EventSource(url).onmessage = print;
else new EventSourceClient(url).on("message", print);
