import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/** Below the ports that a system gives to who asks for any: from 32768 on Linux, from 49152 elsewhere. */
const [FIRST, LAST] = [20_000, 32_767];

/**
 * A free port of the loopback interface, which only another who asks for this very one can take before the program under
 * test listens there, or while it is restarted. Where the program can take port 0 itself, prefer that.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(FIRST, LAST + 1);
    const server = createServer().listen(port, "127.0.0.1");
    try {
      await once(server, "listening");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "EADDRINUSE") continue;
      throw error;
    }
    server.close();
    await once(server, "close");
    return port;
  }
}
