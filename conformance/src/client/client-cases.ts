import { type BindOptions, type BoundCase, bindCases } from "../bind-cases.ts";
import { type AttachClientOptions, attachClient } from "./attach-client.ts";
import { closeCases } from "./cases/close.ts";
import { commentCases } from "./cases/comments.ts";
import { constructorCases } from "./cases/constructor.ts";
import { corsCases } from "./cases/cors.ts";
import { decodingCases } from "./cases/decoding.ts";
import { dispatchCases } from "./cases/dispatch.ts";
import { extensionCases } from "./cases/extensions.ts";
import { fieldCases } from "./cases/fields.ts";
import { generatedCases } from "./cases/generated.ts";
import { lastEventIdCases } from "./cases/last-event-id.ts";
import { lineCases } from "./cases/lines.ts";
import { reconnectionCases } from "./cases/reconnection.ts";
import { redirectCases } from "./cases/redirect.ts";
import { requestCases } from "./cases/request.ts";
import { resilienceCases } from "./cases/resilience.ts";
import { responseCases } from "./cases/response.ts";
import { retryCases } from "./cases/retry.ts";
import { smokeCase } from "./cases/smoke.ts";
import type { ClientCase } from "./client-case.ts";
import type { ClientHost } from "./client-host.ts";

/** Every case of the client area. */
export const CLIENT_CASES: readonly ClientCase[] = [
  smokeCase,
  ...constructorCases,
  ...requestCases,
  ...responseCases,
  ...redirectCases,
  ...decodingCases,
  ...lineCases,
  ...fieldCases,
  ...dispatchCases,
  ...commentCases,
  ...reconnectionCases,
  ...retryCases,
  ...lastEventIdCases,
  ...closeCases,
  ...generatedCases,
  ...corsCases,
  ...extensionCases,
  ...resilienceCases,
];

/** How a client is attached and what is bound of its cases. */
export type ClientCasesOptions = BindOptions & AttachClientOptions;

/**
 * The cases of the client area, bound to clients for a test framework. Call `close` when they have run.
 *
 * @example
 * ```ts ignore
 * const { cases, close } = await clientCases(hostEventSource(EventSource));
 * for (const { id, run } of cases) it(id, run);
 * afterAll(close);
 * ```
 */
export async function clientCases(
  host: ClientHost,
  options: ClientCasesOptions = {},
): Promise<{ readonly cases: readonly BoundCase[]; close(): Promise<void> }> {
  const attachment = await attachClient(host, options);
  return { cases: bindCases(CLIENT_CASES, attachment, options), close: () => attachment.close() };
}
