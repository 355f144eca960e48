// The page of react.browser.test.ts: components that use an event stream, and what each of them showed and heard.
import { StrictMode, useEffect, version } from "react";
import { flushSync } from "react-dom";
import { createRoot, hydrateRoot, type Root } from "react-dom/client";
import { type EventSourceView, type UseEventSourceOptions, useEventSource } from "../src/react.ts";

/** One component, under a name. */
export interface Probe {
  readonly name: string;
  readonly url?: string;
  readonly options?: UseEventSourceOptions;
  /** Hears of each event, and renders for none. */
  readonly hears?: boolean;
}

/** The views that each component showed. */
const shown = new Map<string, EventSourceView[]>();
/** The data of the events that each one heard of. */
const heard = new Map<string, string[]>();
/** Which renders gave the functions `headers` that were called. */
const asked: number[] = [];
/** What React complained of. */
const complaints: string[] = [];
let looks: (() => void)[] = [];
let renders = 0;
let root: Root | undefined;

function Probed({ name, url, options, hears }: Probe) {
  const render = ++renders;
  const view = useEventSource(url, {
    headers: () => {
      asked.push(render);
      return {};
    },
    retry: { floor: 50, spread: 50 },
    ...options,
    ...(hears && { onEvent: ({ data }) => add(heard, name, data) }),
  });
  useEffect(() => {
    // StrictMode runs the effects of who is mounted twice.
    if (shown.get(name)?.at(-1) !== view) add(shown, name, view);
    for (const look of looks) look();
  });
  return <p id={name}>{view.status}</p>;
}

/** Shows these components and no others; `html` is what a server has rendered of them. */
function show(probes: Probe[], html?: string): void {
  const container = document.querySelector("#root") as Element;
  const page = (
    <StrictMode>
      {probes.map((probe) => (
        <Probed key={probe.name} {...probe} />
      ))}
    </StrictMode>
  );
  if (html === undefined) {
    root ??= createRoot(container);
    // With its effects, before this returns.
    flushSync(() => root?.render(page));
  } else {
    container.innerHTML = html;
    root = hydrateRoot(container, page, { onRecoverableError: (error) => complaints.push(String(error)) });
  }
}

/** Fulfils with what a component shows once something holds of it. */
function until(name: string, holds: (view: EventSourceView) => boolean): Promise<EventSourceView> {
  return new Promise((resolve) => {
    const look = (): void => {
      const view = shown.get(name)?.at(-1);
      if (view === undefined || !holds(view)) return;
      looks = looks.filter((other) => other !== look);
      resolve(view);
    };
    looks.push(look);
    look();
  });
}

function add<Value>(map: Map<string, Value[]>, name: string, value: Value): void {
  map.set(name, [...(map.get(name) ?? []), value]);
}

Object.assign(globalThis, { shown, heard, asked, complaints, show, until, reactVersion: version });
