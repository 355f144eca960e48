import { quote, refuseText } from "./field.ts";
import { badRequest, type Refusal } from "./refusal.ts";

/** What a reader asks for: topics by name, or by pattern. */
export type TopicMatcher = string | { pattern: string };

/** A subscription, as its reader asked for it. */
export interface SubscribeRequest {
  /** At least one matcher. */
  readonly matchers: TopicMatcher[];
  /** The cursor of the query, if it has one; the request's `Last-Event-ID` goes before it. */
  readonly lastEventId: string | undefined;
}

/**
 * Reads the query of a subscription: `match` (an exact topic), `match_urlpattern` (a URL pattern), both repeatable and
 * `*` for all topics, and `last_event_id`. Other parameters are ignored, except that every other name that begins with
 * `match`, in whatever case, is refused: a misspelt matcher must not pass for none.
 *
 * @example
 * ```ts
 * parseSubscribeQuery("match=news&match_urlpattern=/books/:id");
 * // { matchers: ["news", { pattern: "/books/:id" }], lastEventId: undefined }
 * ```
 */
export function parseSubscribeQuery(query: string): SubscribeRequest | Refusal {
  const matchers: TopicMatcher[] = [];
  const parameters = new URLSearchParams(query);
  for (const [name, value] of parameters) {
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
  return { matchers, lastEventId: parameters.get("last_event_id") ?? undefined };
}

function refuseMatcher(name: string, value: string): Refusal | undefined {
  if (value === "") return badRequest(`Cannot subscribe by an empty ${name}: give it a topic or a pattern`);
  const refusal = refuseText(value, `Cannot subscribe by the ${name}`);
  // Too long a matcher is a bad query, not too large a body.
  return refusal && badRequest(refusal.reason);
}
