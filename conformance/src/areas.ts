import type { AreaCommand } from "./area-command.ts";
import { clientCommand } from "./client/command.ts";
import { parserCommand } from "./parser/command.ts";
import { proxyCommand } from "./proxy/command.ts";
import { serverCommand } from "./server/command.ts";

/** Every area of the suite. */
export const AREAS: readonly AreaCommand<unknown>[] = [serverCommand, clientCommand, parserCommand, proxyCommand];
