import { attachClient } from "../../src/client/attach-client.ts";
import type { ClientSubject } from "../../src/client/client-subject.ts";
import type { Mutant } from "../mutant.ts";
import { MUTANT_PATIENCE } from "./mutant-of.ts";
import { hostPlainClient, PlainClient } from "./plain-client.ts";

/** Clients that do wrongly in one way what is beyond the standard. */
export const clientMutants: readonly Mutant<ClientSubject>[] = [
  mutant(
    "tells-comments-at-the-blank-line",
    "A comment is told when a blank line has come.",
    "comments/one",
    class extends PlainClient {
      pending: string[] = [];
      override tellComment(comment: string): void {
        this.pending.push(comment);
      }
      override dispatchEvent(event: Event): boolean {
        for (const comment of this.pending) super.tellComment(comment);
        this.pending = [];
        return super.dispatchEvent(event);
      }
    },
  ),
  mutant(
    "tells-comments-with-their-colon",
    "The text of a comment begins with its colon.",
    "comments/two",
    class extends PlainClient {
      override tellComment(comment: string): void {
        super.tellComment(`:${comment}`);
      }
    },
  ),
  mutant(
    "tells-comments-late",
    "Comments are told when the chunk is through.",
    "comments/in-order",
    class extends PlainClient {
      override tellComment(comment: string): void {
        setTimeout(() => super.tellComment(comment));
      }
    },
  ),
  mutant(
    "sends-headers-once",
    "Reconnections are sent without the header fields that the program gave.",
    "extensions/headers",
    class extends PlainClient {
      requests = 0;
      override headers(): Record<string, string> {
        const { headers = {} } = this.parameters;
        if (this.requests++ === 0) return super.headers();
        return Object.fromEntries(Object.entries(super.headers()).filter(([name]) => !(name in headers)));
      }
    },
  ),
  mutant(
    "posts-once",
    "A reconnection of a POST is a GET.",
    "extensions/post",
    class extends PlainClient {
      requests = 0;
      override request(): RequestInit {
        const { body: _, ...request } = super.request();
        return this.requests++ === 0 ? super.request() : { ...request, method: "GET" };
      }
    },
  ),
  mutant(
    "posts-what-is-a-report",
    "Each request with a body is a POST.",
    "extensions/report",
    class extends PlainClient {
      override request(): RequestInit {
        const request = super.request();
        return { ...request, method: request.body === undefined ? "GET" : "POST" };
      }
    },
  ),
  mutant(
    "forgets-the-first-id",
    "The last event ID that the program gave is not sent again.",
    "extensions/last-event-id",
    class extends PlainClient {
      override headers(): Record<string, string> {
        const headers = super.headers();
        if (this.lastEventId === this.parameters.lastEventId) this.lastEventId = "";
        return headers;
      }
    },
  ),
  mutant(
    "restarts-without-its-id",
    "After a restart the stream begins anew.",
    "extensions/restart",
    class extends PlainClient {
      override restart(): void {
        this.lastEventId = "";
        super.restart();
      }
    },
  ),
  mutant(
    "never-times-out",
    "A silent connection is kept.",
    "extensions/read-timeout",
    class extends PlainClient {
      override timeOut(): void {}
    },
  ),
  mutant(
    "counts-lines-as-life",
    "Only a chunk with a line end begins the read time-out anew.",
    "extensions/bytes-are-life",
    class extends PlainClient {
      override hearBytes(chunk: Uint8Array): void {
        if (chunk.includes(0x0a)) super.hearBytes(chunk);
      }
    },
  ),
  resilientMutant(
    "gives-up-at-5xx",
    "No status passes.",
    "resilience/retries@status=503",
    class extends PlainClient {
      override isPassing(): boolean {
        return false;
      }
    },
  ),
  resilientMutant(
    "never-gives-up",
    "404 is asked again for ever.",
    "resilience/gives-up",
    class extends PlainClient {
      override isPassing(status: number): boolean {
        return status >= 400;
      }
    },
  ),
  resilientMutant(
    "ignores-retry-after",
    "Retry-After is not waited.",
    "resilience/retry-after",
    class extends PlainClient {
      override delay(): number {
        this.retryAfter = 0;
        return super.delay();
      }
    },
  ),
  resilientMutant(
    "never-backs-off",
    "Each wait is as long as the first.",
    "resilience/back-off",
    class extends PlainClient {
      override spread(): number {
        return super.spread(0);
      }
    },
  ),
  resilientMutant(
    "has-no-floor",
    "retry: 0 makes a loop.",
    "resilience/floor",
    class extends PlainClient {
      override floor(): number {
        return 0;
      }
      override spread(): number {
        return 0;
      }
    },
  ),
  resilientMutant(
    "has-no-ceiling",
    "A server can make a client wait for a day.",
    "resilience/ceiling",
    class extends PlainClient {
      override ceiling(): number {
        return 2_147_483_647;
      }
    },
  ),
  resilientMutant(
    "returns-with-everyone",
    "The wait has no random part.",
    "resilience/spread",
    class extends PlainClient {
      override spread(attempt: number): number {
        return (this.resilient?.spreadMs ?? 0) * 2 ** attempt;
      }
    },
  ),
  resilientMutant(
    "keeps-what-is-silent",
    "A connection without a byte is kept for ever.",
    "resilience/watchdog",
    class extends PlainClient {
      override live(): void {}
    },
  ),
];

function mutant(name: string, fault: string, killedBy: string, Client: typeof PlainClient): Mutant<ClientSubject> {
  const host = hostPlainClient(Client, name);
  return {
    name,
    fault,
    killedBy: `client/${killedBy}`,
    attach: () => attachClient(host, { patience: MUTANT_PATIENCE }),
  };
}

function resilientMutant(
  name: string,
  fault: string,
  killedBy: string,
  Client: typeof PlainClient,
): Mutant<ClientSubject> {
  const host = hostPlainClient(Client, name);
  const attach: Mutant<ClientSubject>["attach"] = () =>
    attachClient(host, { patience: MUTANT_PATIENCE, profile: "resilient" });
  return { name, fault, killedBy: `client/${killedBy}`, attach };
}
