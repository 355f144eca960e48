import type { EventStreamInit } from "@ssekit/server";
import type { BunServer } from "./bun-server.ts";

/** Options of one event stream on Bun: those of `@ssekit/server`, and who lifts the idle timer. */
export interface BunEventStreamInit extends EventStreamInit {
  /**
   * The server that got the request: the second argument of `fetch` and of a route's handler. The idle timer of the
   * request is lifted through it. Default: none (`null`, as frameworks have it, says so too), and then `heartbeat` is
   * {@linkcode MAX_UNLIFTED_HEARTBEAT} at most.
   */
  server?: BunServer | null;
}
