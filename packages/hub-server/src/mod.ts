/**
 * The deployable hub: the Mercure protocol over HTTP, a page that shows what happens, and the command `ssekit-hub`.
 *
 * @example
 * ```ts
 * import { startHubServer } from "@ssekit/hub-server";
 *
 * const server = await startHubServer({ port: 0 });
 * console.log(`Subscribe at ${server.url}/.well-known/mercure?match=*`);
 * await server.close();
 * ```
 *
 * What is published lives in memory unless it is given another log, and nobody needs a token, so it serves this machine
 * only.
 *
 * @module
 */
export { MAX_FIELD_LENGTH } from "./field.ts";
export {
  DEFAULT_HOST,
  DEFAULT_MAX_BODY_BYTES,
  DEFAULT_PORT,
  type HubServer,
  type HubServerOptions,
  startHubServer,
} from "./hub-server.ts";
