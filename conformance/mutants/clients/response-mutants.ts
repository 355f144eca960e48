import type { ClientSubject } from "../../src/client/client-subject.ts";
import type { Mutant } from "../mutant.ts";
import { mutantSource } from "./mutant-of.ts";
import { PlainEventSource } from "./plain-event-source.ts";
import type { PlainEvent } from "./plain-parser.ts";

/** Clients that request wrongly in one way, or take responses and redirections so. */
export const responseMutants: readonly Mutant<ClientSubject>[] = [
  mutantSource(
    "asks-what-is-no-http",
    "A URL of another scheme is tried again and again.",
    "constructor/no-http@scheme=mailto",
    class extends PlainEventSource {
      override isFutile(): boolean {
        return false;
      }
    },
  ),
  mutantSource(
    "drops-the-query",
    "The request has no query.",
    "request/get",
    class extends PlainEventSource {
      override requestUrl(): string {
        return new URL(new URL(this.url).pathname, this.url).href;
      }
    },
  ),
  mutantSource("accepts-anything", "Accept is */*.", "request/accept", withHeaders({ accept: "*/*" })),
  mutantSource(
    "accepts-more",
    "Accept has more than text/event-stream.",
    "request/accept",
    withHeaders({ accept: "text/event-stream, */*" }),
  ),
  mutantSource(
    "accepts-anything-on-reconnections",
    "The second request has another Accept.",
    "request/accept",
    class extends PlainEventSource {
      requests = 0;
      override headers(): Record<string, string> {
        return this.requests++ === 0 ? super.headers() : { ...super.headers(), accept: "*/*" };
      }
    },
  ),
  mutantSource(
    "forgets-cache-control",
    "Caches may answer.",
    "request/cache-control",
    withHeaders({ "cache-control": "max-age=60" }),
  ),
  mutantSource(
    "sends-an-empty-id",
    "The first request has a Last-Event-ID that is empty.",
    "request/no-id-at-first",
    class extends PlainEventSource {
      override headers(): Record<string, string> {
        return { "last-event-id": "", ...super.headers() };
      }
    },
  ),
  mutantSource(
    "posts-when-it-reconnects",
    "The second request is a POST.",
    "request/same-again",
    class extends PlainEventSource {
      requests = 0;
      override request(): RequestInit {
        return { ...super.request(), method: this.requests++ === 0 ? "GET" : "POST" };
      }
    },
  ),
  mutantSource(
    "appends-the-id-to-the-url",
    "The second request has a query that the first had not.",
    "request/same-again",
    class extends PlainEventSource {
      requests = 0;
      override requestUrl(): string {
        return this.requests++ === 0 ? this.url : `${this.url}&lastEventId=`;
      }
    },
  ),
  mutantSource(
    "takes-any-2xx",
    "Each status from 200 to 299 is a stream, but 204.",
    "response/status-other-than-200-is-final@status=206",
    class extends PlainEventSource {
      override isStream({ ok, status, headers }: Response): boolean {
        return ok && status !== 204 && this.isEventStream(headers.get("content-type"));
      }
    },
  ),
  mutantSource(
    "reconnects-at-204",
    "204 is asked again.",
    "response/status-204-is-final",
    retryingAt((status) => status === 204),
  ),
  mutantSource(
    "reconnects-at-4xx",
    "404 is asked again and again.",
    "response/status-other-than-200-is-final@status=404",
    retryingAt((status) => status >= 400 && status < 500),
  ),
  mutantSource(
    "reconnects-at-5xx",
    "503 is asked again, though the standard makes it final.",
    "response/status-other-than-200-is-final@status=503",
    retryingAt((status) => status >= 500),
  ),
  mutantSource(
    "reconnects-when-a-reconnection-fails",
    "Only the first answer can be final.",
    "response/status-other-than-200-is-final@status=410",
    class extends PlainEventSource {
      override fail(): void {
        if (this.origin === "") super.fail();
        else this.reestablish();
      }
    },
  ),
  mutantSource(
    "takes-any-type",
    "The Content-Type is not looked at.",
    "response/mime-other",
    withType(() => true),
  ),
  mutantSource(
    "takes-a-missing-type",
    "A response without Content-Type is a stream.",
    "response/mime-missing",
    withType((type) => type === null || /^text\/event-stream\b/i.test(type)),
  ),
  mutantSource(
    "takes-what-begins-like-the-type",
    "text/event-streamx is a stream.",
    "response/mime-longer",
    withType((type) => type?.toLowerCase().startsWith("text/event-stream") ?? false),
  ),
  mutantSource(
    "takes-the-type-anywhere",
    "A Content-Type that is no MIME type is a stream.",
    "response/mime-bogus",
    withType((type) => type !== null && (!type.includes("/") || /^text\/event-stream\s*(;|$)/i.test(type))),
  ),
  mutantSource(
    "refuses-parameters",
    "A Content-Type with parameters is no stream.",
    "response/mime-parameters",
    withType((type) => type?.toLowerCase().replace(/;$/, "") === "text/event-stream"),
  ),
  mutantSource(
    "refuses-a-semicolon",
    "text/event-stream; is no stream.",
    "response/mime-trailing-semicolon",
    withType((type) => /^text\/event-stream($|;.)/i.test(type ?? "")),
  ),
  mutantSource(
    "wants-the-type-in-lower-case",
    "TEXT/Event-Stream is no stream.",
    "response/mime-upper-case",
    withType((type) => /^text\/event-stream($|;)/.test(type ?? "")),
  ),
  mutantSource(
    "reads-chunked-bodies-alone",
    "A body without Transfer-Encoding is not read.",
    "response/close-delimited",
    class extends PlainEventSource {
      override async read(response: Response): Promise<void> {
        if (response.headers.has("transfer-encoding")) await super.read(response);
      }
    },
  ),
  mutantSource(
    "opens-with-the-first-byte",
    "open is fired when the first byte of the body has come.",
    "response/open-at-the-head",
    class extends PlainEventSource {
      override announce(): void {}
      override async read(response: Response): Promise<void> {
        const [ahead, body] = response.body?.tee() ?? [];
        const reader = ahead?.getReader();
        await reader?.read().catch(() => {});
        void reader?.cancel().catch(() => {});
        super.announce();
        await super.read({ body } as Response);
      }
    },
  ),
  mutantSource(
    "opens-after-the-first-event",
    "open is fired after the first event.",
    "response/open-before-events",
    class extends PlainEventSource {
      override announce(): void {}
      override dispatch(event: PlainEvent): void {
        super.dispatch(event);
        if (this.readyState === 0) super.announce();
      }
    },
  ),
  mutantSource(
    "opens-once",
    "open is fired for the first connection alone.",
    "reconnection/error-while-connecting",
    class extends PlainEventSource {
      opened = false;
      override announce(): void {
        if (this.opened) this.readyState = 1;
        else super.announce();
        this.opened = true;
      }
    },
  ),
  mutantSource(
    "errs-twice",
    "The end of a response that is no stream fires another error.",
    "response/one-error-at-a-failure",
    class extends PlainEventSource {
      override fail(): void {
        super.fail();
        setTimeout(() => this.dispatchEvent(new Event("error")), 100);
      }
    },
  ),
  mutantSource(
    "fails-while-connecting",
    "readyState is CONNECTING when the connection has failed.",
    "response/status-other-than-200-is-final@status=500",
    class extends PlainEventSource {
      override fail(): void {
        this.dispatchEvent(new Event("error"));
        this.readyState = 2;
      }
    },
  ),
  mutantSource(
    "follows-no-redirection",
    "A redirection is a failure.",
    "redirect/is-followed@status=302",
    class extends PlainEventSource {
      override request(): RequestInit {
        return { ...super.request(), redirect: "manual" };
      }
    },
  ),
  mutantSource(
    "reconnects-where-it-was-led",
    "A reconnection begins where a redirection led.",
    "redirect/original-url-again",
    class extends PlainEventSource {
      target = this.url;
      override requestUrl(): string {
        return this.target;
      }
      override originOf(response: Response): string {
        this.target = response.url;
        return super.originOf(response);
      }
    },
  ),
  mutantSource(
    "has-the-origin-of-the-request",
    "The origin of events is that of the URL before redirections.",
    "redirect/origin-of-the-final-url",
    class extends PlainEventSource {
      override originOf(): string {
        return new URL(this.url).origin;
      }
    },
  ),
  mutantSource(
    "is-silent-about-redirections",
    "A redirection that leads nowhere is no error.",
    "redirect/without-location@status=301",
    class extends PlainEventSource {
      override fail(): void {
        if (this.origin !== "") super.fail();
      }
      override networkError(): void {}
    },
  ),
];

function withHeaders(headers: Record<string, string>): typeof PlainEventSource {
  return class extends PlainEventSource {
    override headers(): Record<string, string> {
      return { ...super.headers(), ...headers };
    }
  };
}

function withType(isEventStream: (type: string | null) => boolean): typeof PlainEventSource {
  return class extends PlainEventSource {
    override isEventStream(type: string | null): boolean {
      return isEventStream(type);
    }
  };
}

function retryingAt(retried: (status: number) => boolean): typeof PlainEventSource {
  return class extends PlainEventSource {
    status = 0;
    override isStream(response: Response): boolean {
      this.status = response.status;
      return super.isStream(response);
    }
    override fail(): void {
      if (retried(this.status)) this.reestablish();
      else super.fail();
    }
  };
}
