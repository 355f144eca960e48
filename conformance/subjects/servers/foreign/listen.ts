import type { Server } from "node:http";
import type { AddressInfo } from "node:net";

/** Listens on a free port, and gives the URL of the stream. */
export async function listen(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/events`;
}

/** Ends every connection, and listens no more. */
export function stop(server: Server): void {
  server.closeAllConnections();
  server.close();
}
