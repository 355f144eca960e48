/**
 * A client whose connection all tabs of an origin share.
 *
 * @module
 */
export {
  SharedEventSourceClient,
  type SharedEventSourceClientOptions,
  type SharedState,
} from "./shared-event-source-client.ts";
