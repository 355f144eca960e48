import { type CanonicalForm, canonicalComponent } from "./canonical-component.ts";
import { MAX_PATTERN_LENGTH } from "./defaults.ts";
import {
  type ComponentName,
  matchesSpecialScheme,
  type PatternComponents,
  patternComponents,
} from "./pattern-components.ts";
import { type PatternPart, patternParts } from "./pattern-parts.ts";
import { PatternProgram } from "./pattern-program.ts";
import type { TopicReference } from "./topic-reference.ts";

const COMPONENT_NAMES: readonly ComponentName[] = [
  "protocol",
  "hostname",
  "port",
  "pathname",
  "search",
  "hash",
  "username",
  "password",
];
const DEFAULT_PORTS: PatternComponents & Record<string, string> = {
  http: "80",
  https: "443",
  ws: "80",
  wss: "443",
  ftp: "21",
};

/** A component's test: undefined where anything matches. */
type ComponentTest = ((text: string) => boolean) | undefined;

/**
 * A pattern of topics: URLPattern's syntax and meaning, without regular expressions, and matched in time linear in the
 * topic. `*` alone matches every topic, also one that is no URL reference; none matches a user's own.
 */
export class TopicPattern {
  readonly source: string;
  /** Those components that don't match anything, the telling ones first; `undefined` for `*`. */
  readonly #tests: readonly (readonly [ComponentName, (text: string) => boolean])[] | undefined;

  /** Throws a `TypeError` for what is no pattern, has a regular expression, or is too long. */
  constructor(source: string, base: URL) {
    if (typeof source !== "string")
      throw new TypeError(`Cannot compile a pattern of type ${typeof source}: give a string`);
    if (source.length > MAX_PATTERN_LENGTH) {
      throw new TypeError(
        `Cannot compile a pattern of ${source.length} characters: ${MAX_PATTERN_LENGTH} is the most; shorten it`,
      );
    }
    this.source = source;
    this.#tests = source === "*" ? undefined : componentTests(withBase(patternComponents(source), base));
  }

  matches(topic: TopicReference): boolean {
    if (topic.isReserved) return false;
    if (this.#tests === undefined) return true;
    const { url } = topic;
    return url !== null && this.#tests.every(([name, test]) => test(textOf(url, name)));
  }
}

/** A component as patterns see it: without the character that sets it off. */
function textOf(url: URL, name: ComponentName): string {
  if (name === "protocol") return url.protocol.slice(0, -1);
  return name === "search" || name === "hash" ? url[name].slice(1) : url[name];
}

/** The pattern as an absolute one (URL Pattern 1.7): what it begins with comes from the base, what it ends with is free. */
function withBase(written: PatternComponents, base: URL): PatternComponents {
  const full: PatternComponents = { ...written };
  // Each part comes from the base until the pattern writes one itself.
  const order: readonly ComponentName[] = ["protocol", "hostname", "port", "pathname", "search", "hash"];
  for (const name of order) {
    if (written[name] !== undefined) break;
    full[name] = escaped(textOf(base, name));
  }
  if (full.pathname !== undefined && written.pathname !== undefined && !isAbsolute(full.pathname)) {
    const directory = escaped(base.pathname.slice(0, base.pathname.lastIndexOf("/") + 1));
    full.pathname = directory + full.pathname;
  }
  if (full.search !== undefined) full.search = full.search.replace(/^\?/, "");
  if (full.hash !== undefined) full.hash = full.hash.replace(/^#/, "");
  if (full.port !== undefined && full.port === DEFAULT_PORTS[full.protocol ?? ""]) full.port = "";
  return full;
}

function isAbsolute(pathname: string): boolean {
  return /^(?:\/|\\\/|\{\/)/.test(pathname);
}

function escaped(text: string): string {
  return text.replace(/[+*?:{}()\\]/g, "\\$&");
}

function componentTests(components: PatternComponents): (readonly [ComponentName, (text: string) => boolean])[] {
  const isSpecial = components.protocol === undefined || matchesSpecialScheme(components.protocol);
  return COMPONENT_NAMES.flatMap((name) => {
    const test = componentTest(name, components[name] ?? "*", isSpecial);
    return test === undefined ? [] : [[name, test] as const];
  });
}

function componentTest(name: ComponentName, pattern: string, isSpecial: boolean): ComponentTest {
  const form: CanonicalForm = isSpecial || (name !== "hostname" && name !== "pathname") ? name : `opaque ${name}`;
  const encode =
    name === "hostname" && /^(?:\[|\\\[|\{\[)/.test(pattern)
      ? address
      : (text: string) => canonicalComponent(form, text);
  const delimiter = { hostname: ".", pathname: isSpecial ? "/" : "" }[name as string] ?? "";
  const parts = patternParts(pattern, { prefix: form === "pathname" ? "/" : "", encode });
  return testOf(parts, delimiter);
}

/** Most components are free or plain text, which needs no automaton. */
function testOf(parts: readonly PatternPart[], delimiter: string): ComponentTest {
  const [first] = parts;
  if (first === undefined) return (text) => text === "";
  if (parts.length === 1 && first.modifier === "") {
    if (first.type === "text") return (text) => text === first.prefix;
    if (first.type === "full" && first.prefix === "" && first.suffix === "") return undefined;
  }
  const program = new PatternProgram(parts, delimiter);
  return (text) => program.matches(text);
}

/** The text of an IPv6 address. */
function address(text: string): string {
  if (!/^[0-9A-Fa-f[\]:]*$/.test(text)) {
    throw new TypeError(
      `Cannot compile the pattern: ${JSON.stringify(text)} can't be in an IPv6 address; leave it out`,
    );
  }
  return text.toLowerCase();
}
