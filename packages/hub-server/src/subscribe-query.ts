import type { Matcher } from "@ssekit/hub";
import { quote, refuseText } from "./field.ts";
import { badRequest, type Refusal } from "./refusal.ts";

/**
 * Reads the query of a subscription: `match` (an exact topic), `match_urlpattern` (a URL pattern), both repeatable and
 * `*` for all topics. Parameters of other names are ignored, except that each that begins with `match`, in whatever case,
 * is refused: a misspelt matcher must not pass for none. At least one matcher is needed.
 *
 * @example
 * ```ts
 * parseSubscribeQuery("match=news&match_urlpattern=/books/:id");
 * // ["news", { pattern: "/books/:id" }]
 * ```
 */
export function parseSubscribeQuery(query: string): Matcher[] | Refusal {
  const matchers: Matcher[] = [];
  for (const [name, value] of new URLSearchParams(query)) {
    if (!/^match/i.test(name)) continue;
    if (name !== "match" && name !== "match_urlpattern") {
      return badRequest(`Cannot subscribe by ${quote(name)}: use match for a topic or match_urlpattern for a pattern`);
    }
    const refusal = refuseMatcher(name, value);
    if (refusal !== undefined) return refusal;
    matchers.push(name === "match_urlpattern" || value === "*" ? { pattern: value } : value);
  }
  if (matchers.length === 0) {
    return badRequest(
      "Cannot subscribe to nothing: add match=TOPIC, match_urlpattern=PATTERN, or match=* for all topics",
    );
  }
  return matchers;
}

function refuseMatcher(name: string, value: string): Refusal | undefined {
  if (value === "") return badRequest(`Cannot subscribe by an empty ${name}: give it a topic or a pattern`);
  const refusal = refuseText(value, `Cannot subscribe by the ${name}`);
  // Too long a matcher is a bad query, not too large a body.
  return refusal && badRequest(refusal.reason);
}
