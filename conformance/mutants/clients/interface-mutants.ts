import type { ClientSubject } from "../../src/client/client-subject.ts";
import type { Mutant } from "../mutant.ts";
import { mutantSource } from "./mutant-of.ts";
import { PlainEventSource } from "./plain-event-source.ts";

/** Clients whose interface is wrong in one way. */
export const interfaceMutants: readonly Mutant<ClientSubject>[] = [
  mutantSource(
    "takes-no-argument",
    "Construction without an argument asks for the URL undefined.",
    "constructor/needs-a-url",
    class extends PlainEventSource {
      override resolve(url: unknown): string {
        return super.resolve(url, 1);
      }
    },
  ),
  mutantSource("needs-no-new", "The constructor can be called like a function.", "constructor/needs-new", withoutNew()),
  mutantSource(
    "throws-a-type-error-at-a-bogus-url",
    "What new URL() throws is passed on.",
    "constructor/bogus-url",
    class extends PlainEventSource {
      override resolve(url: unknown, count: number): string {
        if (count === 0) super.resolve(url, count);
        return new URL(`${url}`).href;
      }
    },
  ),
  mutantSource(
    "wants-a-string",
    "A URL that is no string throws.",
    "constructor/stringifies-the-url",
    class extends PlainEventSource {
      override resolve(url: unknown, count: number): string {
        return super.resolve(typeof url === "object" ? "no URL" : url, count);
      }
    },
  ),
  mutantSource(
    "keeps-the-url-as-given",
    "The attribute url is the argument.",
    "constructor/url-is-serialized",
    class extends PlainEventSource {
      override resolve(url: unknown, count: number): string {
        super.resolve(url, count);
        return `${url}`;
      }
      override requestUrl(): string {
        return super.resolve(this.url, 1);
      }
    },
  ),
  mutantSource(
    "begins-open",
    "readyState is OPEN from the beginning.",
    "constructor/begins-connecting",
    class extends PlainEventSource {
      override readyState = 1;
    },
  ),
  mutantSource(
    "never-has-credentials",
    "withCredentials is false always.",
    "constructor/with-credentials",
    class extends PlainEventSource {
      override credentials(): boolean {
        return false;
      }
    },
  ),
  mutantSource(
    "has-constants-on-the-class-alone",
    "Instances have no CONNECTING, OPEN and CLOSED.",
    "interface/constants",
    class ConstantsOnClass extends PlainEventSource {
      static {
        Object.assign(ConstantsOnClass.prototype, { CONNECTING: undefined, OPEN: undefined, CLOSED: undefined });
      }
    },
  ),
  mutantSource(
    "returns-another-object",
    "An instance does not inherit from the prototype.",
    "interface/prototype",
    withoutPrototype(),
  ),
  mutantSource(
    "has-undefined-handlers",
    "onopen, onmessage and onerror are undefined until they are set.",
    "interface/handler-attributes",
    class extends PlainEventSource {
      override handler(type: string): unknown {
        return this.handlers.get(type);
      }
    },
  ),
  mutantSource(
    "never-calls-handlers",
    "onopen, onmessage and onerror are never called.",
    "dispatch/handler-attributes",
    class extends PlainEventSource {
      override setHandler(type: string, value: unknown): void {
        super.setHandler(type, value);
        if (typeof value === "function") this.removeEventListener(type, value as EventListener);
      }
    },
  ),
  mutantSource(
    "gives-named-events-to-onmessage",
    "onmessage is called with each event.",
    "dispatch/named-is-no-message",
    class extends PlainEventSource {
      override dispatchEvent(event: Event): boolean {
        const onmessage = this.handlers.get("message");
        if ("data" in event && event.type !== "message") onmessage?.call(this, event);
        return super.dispatchEvent(event);
      }
    },
  ),
  mutantSource(
    "calls-functions-alone",
    "A listener that is an object with handleEvent is ignored.",
    "dispatch/listener-objects",
    class extends PlainEventSource {
      override addEventListener(type: string, listener: EventListenerOrEventListenerObject | null): void {
        if (typeof listener === "function") super.addEventListener(type, listener);
      }
    },
  ),
  mutantSource(
    "bubbles",
    "Events bubble.",
    "dispatch/event-object",
    class extends PlainEventSource {
      override dispatchEvent(event: Event): boolean {
        return super.dispatchEvent("data" in event ? event : new Event(event.type, { bubbles: true }));
      }
    },
  ),
  mutantSource(
    "gives-open-and-error-data",
    "open and error are MessageEvents.",
    "dispatch/event-object",
    class extends PlainEventSource {
      override dispatchEvent(event: Event): boolean {
        return super.dispatchEvent("data" in event ? event : new MessageEvent(event.type, { data: "" }));
      }
    },
  ),
  mutantSource(
    "has-no-origin",
    "The origin of events is empty.",
    "dispatch/event-object",
    class extends PlainEventSource {
      override originOf(): string {
        return "";
      }
    },
  ),
];

type EventListenerOrEventListenerObject = EventListener | { handleEvent(event: Event): void };
type EventListener = (event: Event) => void;

function withoutNew(): typeof PlainEventSource {
  function EventSource(...args: ConstructorParameters<typeof PlainEventSource>): PlainEventSource {
    return new PlainEventSource(...args);
  }
  EventSource.prototype = PlainEventSource.prototype;
  return Object.assign(EventSource, { CONNECTING: 0, OPEN: 1, CLOSED: 2 }) as unknown as typeof PlainEventSource;
}

function withoutPrototype(): typeof PlainEventSource {
  return class extends PlainEventSource {
    constructor(...args: ConstructorParameters<typeof PlainEventSource>) {
      super(...args);
      // biome-ignore lint/correctness/noConstructorReturn: this is the fault
      return new PlainEventSource(...args) as this;
    }
    override connect(): Promise<void> {
      return Promise.resolve();
    }
  };
}
