import { quote, refuseText } from "./field.ts";
import { badRequest, isRefusal, type Refusal } from "./refusal.ts";

/** The path of the protocol, and of the topics that it keeps to itself. */
export const MERCURE_PATH = "/.well-known/mercure";

/** One update, as its publisher asked for it. */
export interface PublishRequest {
  /** At least one topic, each once. */
  readonly topics: string[];
  /** What to send; `data` is the empty string when the form has none. */
  readonly event: PublishedEvent;
  /** Whether the update may reach only readers with a grant. */
  readonly private: boolean;
}

/** The event of an update: what a `ServerSentEvent` may hold, all of it text from the form. */
export interface PublishedEvent {
  data: string;
  event?: string;
  id?: string;
  retry?: number;
}

/**
 * Reads the body of a publish request, `application/x-www-form-urlencoded`, as the URL standard's form parser does.
 *
 * `topic` may be repeated, of other fields the first counts, `private` counts by presence, unknown fields are ignored,
 * and an empty `id`, `type` or `retry` counts as absent, for that is what an HTML form sends.
 *
 * @param body the form
 * @param hubUrl absolute URL of the hub, against which topics are resolved to find the reserved ones
 *
 * @example
 * ```ts
 * parsePublishForm("topic=news&data=Hello&private", "http://127.0.0.1:4711/.well-known/mercure");
 * // { topics: ["news"], event: { data: "Hello" }, private: true }
 * ```
 */
export function parsePublishForm(body: string, hubUrl: string): PublishRequest | Refusal {
  const form = new URLSearchParams(body);
  const topics = [...new Set(form.getAll("topic"))];
  if (topics.length === 0) return badRequest("Cannot publish: the form has no topic: add a field like topic=news");
  for (const topic of topics) {
    const refusal = refuseTopic(topic, hubUrl);
    if (refusal !== undefined) return refusal;
  }
  const event = parseEvent(form);
  return isRefusal(event) ? event : { topics, event, private: form.has("private") };
}

function refuseTopic(topic: string, hubUrl: string): Refusal | undefined {
  if (topic === "*") return badRequest('Cannot publish to the topic "*": it stands for all topics: name one');
  if (isReserved(topic, hubUrl)) {
    const where = `it resolves to ${MERCURE_PATH} or below, which is the hub's own: take another name`;
    return badRequest(`Cannot publish to the topic ${quote(topic)}: ${where}`);
  }
  return refuseText(topic, "Cannot publish to the topic");
}

/** Whatever the host: else an absolute URL could pass for one of the hub's own events. */
function isReserved(topic: string, hubUrl: string): boolean {
  if (!URL.canParse(topic, hubUrl)) return false;
  const { pathname } = new URL(topic, hubUrl);
  return pathname === MERCURE_PATH || pathname.startsWith(`${MERCURE_PATH}/`);
}

function parseEvent(form: URLSearchParams): PublishedEvent | Refusal {
  const event: PublishedEvent = { data: form.get("data") ?? "" };
  const [id, type, retry] = [form.get("id"), form.get("type"), form.get("retry")];
  if (id) {
    const refusal = refuseId(id);
    if (refusal !== undefined) return refusal;
    event.id = id;
  }
  if (type) {
    const refusal = refuseType(type);
    if (refusal !== undefined) return refusal;
    event.event = type;
  }
  if (retry) {
    const time = /^[0-9]+$/.test(retry) ? Number(retry) : Number.NaN;
    if (!Number.isSafeInteger(time)) {
      return badRequest(`Cannot publish with the retry ${quote(retry)}: give whole milliseconds, in digits only`);
    }
    event.retry = time;
  }
  return event;
}

function refuseId(id: string): Refusal | undefined {
  if (id === "earliest")
    return badRequest('Cannot publish with the id "earliest": it asks for all there is: take another');
  if (id.startsWith("#")) {
    return badRequest(`Cannot publish with the id ${quote(id)}: ids with "#" in front are the hub's own: take another`);
  }
  return refuseText(id, "Cannot publish with the id");
}

function refuseType(type: string): Refusal | undefined {
  if (type === "mercure" || type.startsWith("ssekit.")) {
    return badRequest(`Cannot publish with the type ${quote(type)}: it is the hub's own: take another`);
  }
  return refuseText(type, "Cannot publish with the type");
}
