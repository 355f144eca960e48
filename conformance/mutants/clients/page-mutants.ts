import type { Attachment } from "../../src/attachment.ts";
import { attachClient } from "../../src/client/attach-client.ts";
import type { ClientSubject } from "../../src/client/client-subject.ts";
import { type EventSourceClass, hostEventSource } from "../../src/client/event-source-host.ts";
import { ScriptedServer } from "../../src/client/scripted-server.ts";
import type { Mutant } from "../mutant.ts";
import { MUTANT_PATIENCE } from "./mutant-of.ts";
import { PlainPage, plainEventSourceIn } from "./plain-page.ts";

/** Clients in pages that are wrong about origins in one way. */
export const pageMutants: readonly Mutant<ClientSubject>[] = [
  mutant(
    "needs-an-absolute-url",
    "The empty string is no URL.",
    "constructor/empty-url",
    class extends PlainPage {
      override resolve(url: string): string {
        return url;
      }
    },
  ),
  mutant(
    "forbids-other-origins",
    "A stream of another origin is not read, whatever it allows.",
    "cors/allowed",
    class extends PlainPage {
      override allows(): boolean {
        return false;
      }
    },
  ),
  mutant(
    "ignores-cors",
    "A stream of another origin is read, whatever it allows.",
    "cors/not-allowed@field=missing",
    class extends PlainPage {
      override allows(): boolean {
        return true;
      }
    },
  ),
  mutant(
    "takes-any-allowed-origin",
    "The origin that is allowed is not looked at.",
    "cors/not-allowed@field=wrong",
    class extends PlainPage {
      override allows(field: string | null): boolean {
        return field !== null && field !== "";
      }
    },
  ),
  mutant(
    "sends-cookies-everywhere",
    "Cookies go to another origin without withCredentials.",
    "cors/credentials@with=false",
    class extends PlainPage {
      override sendsCookies(): boolean {
        return true;
      }
    },
  ),
  mutant(
    "sends-cookies-to-its-own-origin-alone",
    "Cookies do not go to another origin with withCredentials.",
    "cors/credentials@with=true",
    class extends PlainPage {
      override sendsCookies({ cross }: { cross: boolean }): boolean {
        return !cross;
      }
    },
  ),
  mutant(
    "never-asks-before",
    "No Last-Event-ID brings a preflight.",
    "cors/preflight@id=unsafe",
    class extends PlainPage {
      override needsPreflight(): boolean {
        return false;
      }
    },
  ),
  mutant(
    "sends-long-ids-unasked",
    "A long Last-Event-ID brings no preflight.",
    "cors/preflight@id=long",
    class extends PlainPage {
      override needsPreflight(id: string): boolean {
        return super.needsPreflight(id.slice(0, 128));
      }
    },
  ),
  mutant(
    "always-asks-before",
    "Each Last-Event-ID brings a preflight.",
    "cors/preflight@id=safe",
    class extends PlainPage {
      override needsPreflight(): boolean {
        return true;
      }
    },
  ),
];

/** Attaches the plain client in a page of the suite's own origin. */
export async function attachPage(
  Page: typeof PlainPage,
  name: string,
  patience?: number,
): Promise<Attachment<ClientSubject>> {
  const server = await ScriptedServer.start();
  const href = `${server.origin}/page`;
  const EventSource = plainEventSourceIn(new Page(href)) as unknown as EventSourceClass;
  return await attachClient(hostEventSource(EventSource, { name, href }), { patience, server });
}

function mutant(name: string, fault: string, killedBy: string, Page: typeof PlainPage): Mutant<ClientSubject> {
  return { name, fault, killedBy: `client/${killedBy}`, attach: () => attachPage(Page, name, MUTANT_PATIENCE) };
}
