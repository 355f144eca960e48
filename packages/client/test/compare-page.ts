// The page of event-source.browser.test.ts: our EventSource and the browser's own, on streams of the same answers.
import { EventSource as Ours } from "../src/event-source.ts";

type Source = typeof EventSource;

/** What our own and the browser's let a page see. */
export interface Both {
  readonly ours: unknown;
  readonly native: unknown;
}

const both = [Ours as unknown as Source, EventSource] as const;

/** All that a page sees of a source until it is closed, by its answers or after so many losses: some never give up. */
async function observe(Source: Source, url: string, mostLosses: number, init?: EventSourceInit): Promise<string[]> {
  const seen: string[] = [];
  const source = new Source(url, init);
  seen.push(`new ${source.readyState} ${source.withCredentials} ${source.url}`);
  await new Promise<void>((resolve) => {
    let losses = 0;
    const see = (event: Event): void => {
      const { type, bubbles, cancelable, eventPhase } = event;
      const { data, lastEventId, origin } = event as MessageEvent;
      const kind = event instanceof MessageEvent ? "MessageEvent" : Object.prototype.toString.call(event).slice(8, -1);
      const same = event.target === source && event.currentTarget === source;
      const what = { data, lastEventId, origin, bubbles, cancelable, eventPhase, same, state: source.readyState };
      seen.push(`${kind} ${type} ${JSON.stringify(what)}`);
      if (type === "error" && kind === "Event") losses++;
      if (data === "close" || losses === mostLosses) source.close();
      // What is cut before it has been read is lost in some engines, and in others not.
      if (data === "cut") void fetch(`/cut${new URL(url).pathname}`);
      if (source.readyState === 2) resolve();
    };
    source.onopen = see;
    source.onerror = see;
    source.onmessage = see;
    source.addEventListener("custom", see);
  });
  // Whatever comes late is a fault, and is seen.
  await new Promise((resolve) => setTimeout(resolve, 50));
  seen.push(`end ${source.readyState}`);
  return seen;
}

/** What both see of the answers to a case, at this server or at another. */
async function compare(origin: string, name: string, mostLosses: number, init?: EventSourceInit): Promise<Both> {
  const [ours, native] = await Promise.all([
    observe(both[0], `${origin}/ours/${name}`, mostLosses, init),
    observe(both[1], `${origin}/native/${name}`, mostLosses, init),
  ]);
  return { ours, native: native.map((line) => line.replaceAll("/native/", "/ours/")) };
}

/** What scripts see of the class, and of an object of it. */
function describeInterface(Source: Source): unknown {
  const descriptors = Object.entries(Object.getOwnPropertyDescriptors(Source.prototype))
    .filter(([name]) => name !== "constructor")
    .map(([name, { value, writable, enumerable, configurable, get, set }]) => {
      const kind = [typeof value === "number" ? value : typeof value, typeof get, typeof set];
      return [name, ...kind, writable, enumerable, configurable].join(" ");
    });
  const source = new Source("silent?#a", { withCredentials: 1 as unknown as boolean });
  const { url, withCredentials, readyState } = source;
  source.close();
  source.close();
  return {
    prototype: descriptors.sort(),
    constants: ["CONNECTING", "OPEN", "CLOSED"].map((name) => Object.getOwnPropertyDescriptor(Source, name)),
    length: Source.length,
    tag: Object.prototype.toString.call(Source.prototype),
    parent: Object.getPrototypeOf(Source).name,
    noUrl: thrown(() => Reflect.construct(Source, [])),
    bogusUrl: thrown(() => new Source("http://this is invalid/")),
    noNew: thrown(() => Reflect.apply(Source, undefined, ["/"])),
    foreign: thrown(() => Reflect.get(Source.prototype, "readyState", {})),
    object: [url, withCredentials, readyState, source.readyState],
    handlers: describeHandlers(source),
  };
}

/** What becomes of what is set as a handler, and in which order handlers and listeners are called. */
function describeHandlers(source: EventSource): unknown {
  const order: string[] = [];
  const kept = ["text", 1, null, undefined, {}, () => {}].map((value) => {
    source.onopen = value as never;
    return typeof source.onopen;
  });
  source.onopen = null;
  source.addEventListener("open", () => order.push("listener"));
  source.onopen = () => order.push("handler");
  source.addEventListener("open", () => order.push("late listener"));
  source.onopen = () => order.push("new handler");
  source.dispatchEvent(new Event("open"));
  source.onopen = null;
  source.onopen = () => order.push("last handler");
  source.dispatchEvent(new Event("open"));
  return { kept, order };
}

function thrown(make: () => unknown): string {
  try {
    make();
    return "nothing";
  } catch (error) {
    return `${(error as Error).constructor.name} ${(error as Error).name}`;
  }
}

function compareInterface(): Both {
  const [ours, native] = both.map(describeInterface);
  return JSON.parse(JSON.stringify({ ours, native }));
}

// biome-ignore lint/suspicious/noDocumentCookie: not every engine has a cookie store
document.cookie = "a=1";
Object.assign(globalThis, { compare, compareInterface });
