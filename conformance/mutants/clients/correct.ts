import { attachClient } from "../../src/client/attach-client.ts";
import type { ClientSubject } from "../../src/client/client-subject.ts";
import { type EventSourceClass, hostEventSource } from "../../src/client/event-source-host.ts";
import type { CorrectSubject } from "../mutant.ts";
import { attachPage } from "./page-mutants.ts";
import { hostPlainClient, PlainClient } from "./plain-client.ts";
import { PlainEventSource } from "./plain-event-source.ts";
import { PlainPage } from "./plain-page.ts";
import { PlainParser } from "./plain-parser.ts";

/** What has to come comes, be the machine as busy as it will. */
const PATIENCE = 15_000;

/** Clients that are right, each with what a suite may take for wrong. */
export const correctClients: readonly CorrectSubject<ClientSubject>[] = [
  correct("plain", "nothing: the second implementation, as plain as it can be", PlainEventSource),
  correct(
    "waits-longer",
    "It waits a third of a second more than it was asked to, as the standard allows.",
    class extends PlainEventSource {
      override delay(): number {
        return Math.min(super.delay() + 333, 2_147_483_647);
      }
    },
  ),
  correct(
    "clears-the-id-by-the-letter",
    "A stream begins with an empty id buffer, so that an event without id clears the last event ID.",
    class extends PlainEventSource {
      override createParser(): PlainParser {
        return new PlainParser(this.sink(), "");
      }
    },
  ),
  correct(
    "waits-after-a-cr",
    "It ends a line that a CR ends when the next byte has come.",
    class extends PlainEventSource {
      override createParser(): PlainParser {
        return new PatientParser(this.sink(), this.lastEventId);
      }
    },
  ),
  correct(
    "sends-more",
    "It sends fields that nobody asked for, as each HTTP client does, and its own User-Agent.",
    class extends PlainEventSource {
      override headers(): Record<string, string> {
        return { ...super.headers(), pragma: "no-cache", "user-agent": "plain", "accept-language": "*", "x-odd": "1" };
      }
    },
  ),
  correct(
    "dispatches-in-tasks",
    "Each event is dispatched in a task of its own.",
    class extends PlainEventSource {
      override dispatchEvent(event: Event): boolean {
        setTimeout(() => {
          if (!("data" in event) || this.readyState !== 2) super.dispatchEvent(event);
        });
        return true;
      }
    },
  ),
  {
    name: "plain-client",
    oddity:
      "It is no EventSource: it posts, restarts, times out, tells comments, and survives what a resilient one survives.",
    attach: () =>
      attachClient(hostPlainClient(PlainClient, "plain-client"), { profile: "resilient", patience: PATIENCE }),
  },
  {
    name: "plain-page",
    oddity: "It is in a page, and has an origin, cookies and preflights.",
    attach: () => attachPage(PlainPage, "plain-page", PATIENCE),
  },
];

class PatientParser extends PlainParser {
  pending = "";
  override decode(bytes: Uint8Array): string {
    const text = this.pending + super.decode(bytes);
    this.pending = text.endsWith("\r") ? "\r" : "";
    return this.pending === "" ? text : text.slice(0, -1);
  }
}

function correct(
  name: string,
  oddity: string,
  source: new (...args: never[]) => EventTarget,
): CorrectSubject<ClientSubject> {
  const host = hostEventSource(source as unknown as EventSourceClass, { name });
  return { name, oddity, attach: () => attachClient(host, { patience: PATIENCE }) };
}
