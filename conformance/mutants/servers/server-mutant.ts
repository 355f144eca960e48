import type { ServerSubject } from "../../src/server/server-subject.ts";
import type { Mutant } from "../mutant.ts";
import { attachDriver, IMPATIENT } from "./attach-driver.ts";
import { ReferenceServer } from "./reference-server.ts";

/** A mutant of servers: its fault, the case meant for it, and the one step that it takes otherwise. */
export function serverMutant(
  name: string,
  { fault, killedBy, Base = ReferenceServer }: { fault: string; killedBy: string; Base?: typeof ReferenceServer },
  breakServer: (Base: typeof ReferenceServer) => typeof ReferenceServer,
): Mutant<ServerSubject> {
  const Broken = breakServer(Base);
  return {
    name,
    fault,
    killedBy: `server/${killedBy}`,
    attach: () => attachDriver(() => new Broken(), { name, durations: IMPATIENT }),
  };
}
