import type { Hub } from "./hub.ts";

/** One for all copies of this module, of whatever version: the registry is on the global object. */
const REGISTRY = Symbol.for("ssekit.hubs");

/**
 * Gives the hub of this name in this process, and creates it for who asks first. A framework that loads a module several
 * times, in bundles of its own or after each change of a file, would else have as many hubs, which don't hear each other.
 * After its `close()` the next call creates another.
 *
 * @example
 * ```ts
 * import { createHub, sharedHub } from "@ssekit/hub";
 *
 * const hub = sharedHub("app", () => createHub());
 * console.log(sharedHub("app", () => createHub()) === hub); // true
 * await hub.close();
 * ```
 */
export function sharedHub<Inputs = unknown>(name: string, create: () => Hub<Inputs>): Hub<Inputs> {
  const hubs = registry();
  const known = hubs.get(name);
  if (known !== undefined) return known as Hub<Inputs>;
  const hub = create();
  const close = hub.close.bind(hub);
  hub.close = () => {
    hubs.delete(name);
    return close();
  };
  hubs.set(name, hub);
  return hub;
}

function registry(): Map<string, unknown> {
  const holder = globalThis as { [REGISTRY]?: Map<string, unknown> };
  holder[REGISTRY] ??= new Map();
  return holder[REGISTRY];
}
