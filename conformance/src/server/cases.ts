import type { Case } from "../case.ts";
import { acceptCases } from "./cases/accept.ts";
import { attachCases } from "./cases/attach.ts";
import { corsCases } from "./cases/cors.ts";
import { cursorCases } from "./cases/cursor.ts";
import { endCases } from "./cases/end.ts";
import { fidelityCases } from "./cases/fidelity.ts";
import { framingCases } from "./cases/framing.ts";
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
import type { ServerSubject } from "./server-subject.ts";

/** The cases for servers, in the order in which they run: the smoke cases first, the one that waits longest last. */
export const serverCases: readonly Case<ServerSubject>[] = [
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
  ...orderCases,
  ...resumeCases,
  ...cursorCases,
  ...stallCases,
  ...leaveCases,
  ...endCases,
  ...lifeCases,
];
