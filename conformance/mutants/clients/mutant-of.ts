import { attachClient } from "../../src/client/attach-client.ts";
import type { ClientSubject } from "../../src/client/client-subject.ts";
import { type EventSourceClass, hostEventSource } from "../../src/client/event-source-host.ts";
import type { Mutant } from "../mutant.ts";
import { PlainEventSource } from "./plain-event-source.ts";
import type { PlainParser, PlainSink } from "./plain-parser.ts";

/** What the case of a mutant waits for what never comes, in milliseconds: a mutant that is too slow is killed as well. */
export const MUTANT_PATIENCE = 1_500;

/** A class whose members a mutant overrides. */
type Class<Instance> = new (...args: never[]) => Instance;

/** A mutant of the plain EventSource. */
export function mutantSource(
  name: string,
  fault: string,
  killedBy: string,
  Mutated: Class<EventTarget>,
): Mutant<ClientSubject> {
  const host = hostEventSource(Mutated as unknown as EventSourceClass, { name });
  return {
    name,
    fault,
    killedBy: `client/${killedBy}`,
    attach: () => attachClient(host, { patience: MUTANT_PATIENCE }),
  };
}

/** A mutant of the plain EventSource by what it parses with. */
export function mutantParser(
  name: string,
  fault: string,
  killedBy: string,
  Mutated: new (sink: PlainSink, id: string) => PlainParser,
): Mutant<ClientSubject> {
  return mutantSource(
    name,
    fault,
    killedBy,
    class extends PlainEventSource {
      override createParser(): PlainParser {
        return new Mutated(this.sink(), this.lastEventId);
      }
    },
  );
}
