import type { ComponentName } from "./pattern-components.ts";

/** How the text of a component is brought into the form that URLs have it in. */
export type CanonicalForm = ComponentName | "opaque hostname" | "opaque pathname";

/**
 * Brings text of a pattern into the form that the URL of a topic has it in: lower case, percent-encoded, punycoded, by
 * the runtime's own `URL`. Throws a `TypeError` for text that can't be part of such a component.
 */
export function canonicalComponent(form: CanonicalForm, text: string): string {
  if (text === "") return "";
  switch (form) {
    case "protocol":
      return protocol(text);
    case "hostname":
      return hostname("https", text);
    case "opaque hostname":
      return hostname("opaque", text);
    case "port":
      return port(text);
    case "pathname":
      return pathname(text);
    case "opaque pathname":
      return new URL(`opaque:${text.replaceAll("?", "%3F").replaceAll("#", "%23")}`).pathname;
    default:
      return set(form, form === "search" ? `?${text}` : form === "hash" ? `#${text}` : text).replace(/^[?#]/, "");
  }
}

function set(component: ComponentName, text: string): string {
  const url = new URL("https://host");
  if (component !== "protocol") url[component] = text;
  return url[component];
}

function protocol(text: string): string {
  if (!/^[a-z][a-z0-9+.-]*$/i.test(text)) throw refusal("protocol", text);
  return text.toLowerCase();
}

/** A setter keeps silent about what it refuses: then two URLs differ still. */
function hostname(scheme: string, text: string): string {
  const [one, other] = ["one", "other"].map((host) => {
    const url = new URL(`${scheme}://${host}`);
    url.hostname = text;
    return url.hostname;
  });
  if (one === undefined || one !== other) throw refusal("hostname", text);
  return one;
}

function port(text: string): string {
  const url = new URL("opaque://host");
  url.port = text;
  if (url.port === "") throw refusal("port", text);
  return url.port;
}

/** Text in the middle of a path doesn't begin it: no slash is put before it, and leading dots are no dot segment. */
function pathname(text: string): string {
  if (text.startsWith("/")) return set("pathname", text);
  const path = set("pathname", `/-${text}`);
  if (!path.startsWith("/-")) throw refusal("pathname", text);
  return path.slice(2);
}

function refusal(form: CanonicalForm, text: string): TypeError {
  return new TypeError(
    `Cannot compile the pattern: ${JSON.stringify(text)} can't be in the ${form} of a URL; leave it out`,
  );
}
