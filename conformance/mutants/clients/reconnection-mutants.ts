import type { ClientSubject } from "../../src/client/client-subject.ts";
import type { Mutant } from "../mutant.ts";
import { mutantSource } from "./mutant-of.ts";
import { PlainEventSource } from "./plain-event-source.ts";
import type { PlainEvent, PlainParser } from "./plain-parser.ts";

/** Clients that reconnect wrongly in one way, send a wrong last event ID, or close wrongly. */
export const reconnectionMutants: readonly Mutant<ClientSubject>[] = [
  mutantSource(
    "never-reconnects",
    "The end of a stream is final.",
    "reconnection/after-the-end",
    class extends PlainEventSource {
      override ended(): void {
        this.fail();
      }
    },
  ),
  mutantSource(
    "reconnects-once",
    "The second end of a stream is final.",
    "reconnection/again-and-again",
    class extends PlainEventSource {
      ends = 0;
      override ended(): void {
        if (++this.ends === 1) super.ended();
        else this.fail();
      }
    },
  ),
  mutantSource(
    "fails-when-a-body-breaks",
    "A connection that breaks off while it is read is final.",
    "reconnection/after-a-broken-body",
    class extends PlainEventSource {
      override broken(): void {
        this.fail();
      }
    },
  ),
  mutantSource(
    "fails-at-a-network-error",
    "An attempt that the network ends is final.",
    "reconnection/after-a-broken-request",
    class extends PlainEventSource {
      override networkError(): void {
        this.fail();
      }
    },
  ),
  mutantSource(
    "reconnects-in-silence",
    "No error is fired when a stream ends.",
    "reconnection/error-while-connecting",
    class extends PlainEventSource {
      override dispatchEvent(event: Event): boolean {
        return this.readyState === 0 && event.type === "error" ? true : super.dispatchEvent(event);
      }
    },
  ),
  mutantSource(
    "stays-open-while-it-reconnects",
    "readyState is OPEN when error is fired.",
    "reconnection/error-while-connecting",
    class extends PlainEventSource {
      override reestablish(): void {
        const { dispatchEvent } = this;
        this.dispatchEvent = (event) => {
          this.readyState = 1;
          const result = dispatchEvent.call(this, event);
          if (this.readyState === 1) this.readyState = 0;
          return result;
        };
        super.reestablish();
        this.dispatchEvent = dispatchEvent;
      }
    },
  ),
  mutantSource(
    "keeps-the-type-buffer",
    "The type of a block that was cut off is that of the next stream's event.",
    "reconnection/event-type-is-forgotten",
    keeping("typeBuffer"),
  ),
  mutantSource(
    "keeps-the-data-buffer",
    "The data of a block that was cut off is in the next stream's event.",
    "reconnection/data-is-forgotten",
    keeping("dataBuffer"),
  ),
  mutantSource(
    "keeps-a-partial-line",
    "A line that was cut off goes on in the next stream.",
    "reconnection/partial-line-is-forgotten",
    keeping("rest"),
  ),
  mutantSource(
    "keeps-the-decoder",
    "Only the first connection's BOM is removed.",
    "reconnection/bom-again",
    keeping("decoder"),
  ),
  mutantSource(
    "forgets-the-reconnection-time",
    "The reconnection time holds for one reconnection.",
    "retry/survives-reconnections",
    class extends PlainEventSource {
      override delay(): number {
        const { reconnectionTime } = this;
        this.reconnectionTime = 50;
        return reconnectionTime;
      }
    },
  ),
  mutantSource(
    "ignores-retry",
    "The reconnection time is three seconds always.",
    "retry/is-waited",
    class extends PlainEventSource {
      override delay(): number {
        return 3_000;
      }
    },
  ),
  mutantSource(
    "overflows-its-timer",
    "A reconnection time of more than 31 bits becomes a short one.",
    "retry/huge",
    class extends PlainEventSource {
      override delay(): number {
        return this.reconnectionTime > 2_147_483_647 ? 1 : this.reconnectionTime;
      }
    },
  ),
  mutantSource(
    "sends-no-id",
    "No Last-Event-ID is sent.",
    "last-event-id/is-sent",
    class extends PlainEventSource {
      override headers(): Record<string, string> {
        const { "last-event-id": _, ...headers } = super.headers();
        return headers;
      }
    },
  ),
  mutantSource(
    "sends-the-id-as-latin-1",
    "Characters of an id that Latin-1 has are sent as one byte.",
    "last-event-id/in-utf-8",
    class extends PlainEventSource {
      override encodeId(id: string): string {
        return id.replaceAll(/[^\0-\xff]/g, "?");
      }
    },
  ),
  mutantSource(
    "sends-the-id-percent-encoded",
    "The id is sent percent-encoded.",
    "last-event-id/in-utf-8",
    class extends PlainEventSource {
      override encodeId(id: string): string {
        return encodeURIComponent(id);
      }
    },
  ),
  mutantSource(
    "sends-the-id-of-the-last-event",
    "After an event without id none is sent.",
    "last-event-id/of-an-earlier-event",
    class extends PlainEventSource {
      own = false;
      override createParser(): PlainParser {
        const parser = super.createParser();
        const { id, dispatch } = parser;
        parser.id = (value) => {
          this.own = true;
          id.call(parser, value);
        };
        parser.dispatch = () => {
          if (!this.own && parser.dataBuffer !== "") this.lost = true;
          this.own = false;
          dispatch.call(parser);
        };
        return parser;
      }
      lost = false;
      override headers(): Record<string, string> {
        const { "last-event-id": sent, ...headers } = super.headers();
        return this.lost || sent === undefined ? headers : { ...headers, "last-event-id": sent };
      }
    },
  ),
  mutantSource(
    "sends-the-old-id-after-a-reset",
    "An id that was reset is sent still.",
    "last-event-id/none-after-a-reset",
    class extends PlainEventSource {
      sent = "";
      override headers(): Record<string, string> {
        this.sent = this.lastEventId || this.seen;
        return this.sent === "" ? super.headers() : { ...super.headers(), "last-event-id": this.encodeId(this.sent) };
      }
      seen = "";
      override dispatch(event: PlainEvent): void {
        this.seen = event.lastEventId || this.seen;
        super.dispatch(event);
      }
    },
  ),
  mutantSource(
    "sends-the-id-once",
    "Only the first reconnection sends the last event ID.",
    "last-event-id/survives-quiet-connections",
    class extends PlainEventSource {
      override headers(): Record<string, string> {
        const headers = super.headers();
        this.lastEventId = "";
        return headers;
      }
    },
  ),
  mutantSource(
    "sends-an-id-that-events-have-not",
    "The id of the stream before is sent, but events do not have it.",
    "last-event-id/seeds-the-next-stream",
    class extends PlainEventSource {
      override dispatch(event: PlainEvent): void {
        super.dispatch(this.reconnected ? { ...event, lastEventId: "" } : event);
      }
      reconnected = false;
      override ended(): void {
        this.reconnected = true;
        super.ended();
      }
    },
  ),
  mutantSource(
    "leaves-the-connection-open",
    "close() leaves the connection to the server.",
    "close/closes-the-connection",
    class extends PlainEventSource {
      override close(): void {
        this.readyState = 2;
        clearTimeout(this.timer);
      }
      override async read(response: Response): Promise<void> {
        const reader = response.body?.getReader();
        try {
          for (let chunk = await reader?.read(); chunk?.value !== undefined; chunk = await reader?.read()) {
            this.parser?.feed(chunk.value);
          }
        } catch (error) {
          this.broken(error);
        }
      }
    },
  ),
  mutantSource(
    "waits-for-the-head",
    "close() while the response is awaited ends nothing.",
    "close/before-the-head",
    class extends PlainEventSource {
      override close(): void {
        this.readyState = 2;
        clearTimeout(this.timer);
        if (this.origin !== "") this.abort.abort();
      }
    },
  ),
  mutantSource(
    "gives-the-rest-of-the-chunk",
    "Events of the same chunk come after close().",
    "close/rest-of-the-chunk",
    class extends PlainEventSource {
      override dispatch({ type, data, lastEventId }: PlainEvent): void {
        this.dispatchEvent(new MessageEvent(type, { data, lastEventId, origin: this.origin }));
      }
    },
  ),
  mutantSource(
    "reads-on-after-close-in-open",
    "close() in a listener of open is overwritten.",
    "close/in-open",
    class extends PlainEventSource {
      override announce(): void {
        super.announce();
        this.readyState = 1;
      }
      override close(): void {
        this.readyState = 2;
        clearTimeout(this.timer);
      }
    },
  ),
  mutantSource(
    "reconnects-after-close-in-error",
    "close() in a listener of error does not stop the reconnection.",
    "close/in-error",
    class extends PlainEventSource {
      override reestablish(): void {
        if (this.readyState === 2) return;
        this.readyState = 0;
        this.dispatchEvent(new Event("error"));
        this.readyState = 0;
        this.timer = setTimeout(() => void this.connect(), this.delay());
      }
    },
  ),
  mutantSource(
    "reconnects-after-close",
    "close() during the wait does not stop the reconnection.",
    "close/while-it-waits",
    class extends PlainEventSource {
      override close(): void {
        this.readyState = 2;
        this.abort.abort();
      }
    },
  ),
  mutantSource(
    "errs-at-close",
    "close() fires error.",
    "close/fires-nothing",
    class extends PlainEventSource {
      override close(): void {
        const before = this.readyState;
        super.close();
        if (before === 1) setTimeout(() => this.dispatchEvent(new Event("error")));
      }
    },
  ),
];

function keeping(member: "typeBuffer" | "dataBuffer" | "rest" | "decoder"): typeof PlainEventSource {
  return class extends PlainEventSource {
    override createParser(): PlainParser {
      const parser = super.createParser();
      if (this.parser !== undefined) Object.assign(parser, { [member]: this.parser[member] });
      return parser;
    }
  };
}
