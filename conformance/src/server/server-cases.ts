import type { Attachment } from "../attachment.ts";
import { type BindOptions, type BoundCase, bindCases } from "../bind-cases.ts";
import type { Case } from "../case.ts";
import { attachServer, capabilitiesOf, type ServerOptions } from "./attach-server.ts";
import { acceptCases } from "./cases/accept.ts";
import { attachCases } from "./cases/attach.ts";
import { corsCases } from "./cases/cors.ts";
import { cursorCases } from "./cases/cursor.ts";
import { endCases } from "./cases/end.ts";
import { fidelityCases } from "./cases/fidelity.ts";
import { framingCases } from "./cases/framing.ts";
import { generatedCases } from "./cases/generated.ts";
import { headCases } from "./cases/head.ts";
import { http2Cases } from "./cases/http2.ts";
import { injectionCases } from "./cases/injection.ts";
import { leaveCases } from "./cases/leave.ts";
import { lifeCases } from "./cases/life.ts";
import { methodCases } from "./cases/methods.ts";
import { orderCases } from "./cases/order.ts";
import { promptCases } from "./cases/prompt.ts";
import { resumeCases } from "./cases/resume.ts";
import { stallCases } from "./cases/stall.ts";
import { driverPublisher, type ServerDriver } from "./driver.ts";
import type { ServerSubject } from "./server-subject.ts";

/** The cases for servers, in the order in which they run: the smoke cases first, the one that waits longest last. */
export const SERVER_CASES: readonly Case<ServerSubject>[] = [
  ...attachCases,
  ...headCases,
  ...framingCases,
  ...methodCases,
  ...acceptCases,
  ...corsCases,
  ...http2Cases,
  ...promptCases,
  ...fidelityCases,
  ...injectionCases,
  ...generatedCases,
  ...orderCases,
  ...resumeCases,
  ...cursorCases,
  ...stallCases,
  ...leaveCases,
  ...endCases,
  ...lifeCases,
];

/** How a server is attached, and what is bound of its cases. */
export type ServerCasesOptions = BindOptions & Omit<ServerOptions, "driver" | "publisher">;

/**
 * The cases of the server area, bound to a server for a test framework. Its driver is started by the first case that
 * runs; stop it when all have run. They run one after the other, for some count readers.
 *
 * @example
 * ```ts ignore
 * for (const { id, run } of serverCases(driver)) it(id, run, 120_000);
 * afterAll(() => driver.stop());
 * ```
 */
export function serverCases(driver: ServerDriver, options: ServerCasesOptions = {}): BoundCase[] {
  let attached: Promise<Attachment<ServerSubject>> | undefined;
  const attachment: Attachment<ServerSubject> = {
    name: options.name ?? "the server",
    version: options.version,
    capabilities: capabilitiesOf(driverPublisher(driver), options.cursorQuery),
    open: async (context) => {
      attached ??= attachServer({ ...options, driver });
      return await (await attached).open(context);
    },
    close: async () => {},
  };
  return bindCases(SERVER_CASES, attachment, options);
}
