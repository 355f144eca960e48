import type { Field } from "../http/request.ts";
import type { PublishedEvent } from "./publisher.ts";

/** A request that publishes an event. */
export interface PublishRequest {
  readonly method: string;
  readonly url: URL;
  readonly fields: readonly Field[];
  readonly body: string | undefined;
}

type Name = keyof PublishedEvent;

const PLACEHOLDER = /\{\{(data|event|id|retry)\}\}/g;

/** The fields of an event that a template has a place for. */
export function placeholdersOf(...texts: readonly string[]): Set<Name> {
  return new Set(texts.flatMap((text) => [...text.matchAll(PLACEHOLDER)].map(([, name]) => name as Name)));
}

/** Splits `POST http://host/path {"data": {{data}}}`; `undefined` if the text does not begin as a request. */
export function parseRequestTemplate(text: string): { method: string; url: string; body: string } | undefined {
  const match = /^([A-Z]+)\s+(https?:\/\/\S+)\s*([\s\S]*)$/.exec(text.trim());
  return match === null ? undefined : { method: match[1] ?? "", url: match[2] ?? "", body: match[3] ?? "" };
}

/** Puts an event into a template: each value is encoded for where it stands, and what has no value is left out. */
export function fillRequest(
  template: { method: string; url: string; body: string; fields: readonly Field[] },
  event: PublishedEvent,
): PublishRequest {
  const { body, type } = fillBody(template.body, event);
  const types: Field[] = type === undefined ? [] : [["Content-Type", type]];
  return {
    method: template.method,
    url: new URL(fillUrl(template.url, event)),
    fields: [...types, ...fillFields(template.fields, event)],
    body: template.method === "GET" ? undefined : body,
  };
}

function fillUrl(template: string, event: PublishedEvent): string {
  const [path = "", query] = template.split("?", 2);
  const filled = path.replaceAll(PLACEHOLDER, (_all, name: Name) => encodeURIComponent(String(event[name] ?? "")));
  return query === undefined ? filled : `${filled}?${fillForm(query, event)}`;
}

/** Pairs that are percent-encoded already, save for the placeholders. */
function fillForm(template: string, event: PublishedEvent): string {
  return template
    .split("&")
    .filter((pair) => hasValues(pair, event))
    .map((pair) => pair.replaceAll(PLACEHOLDER, (_all, name: Name) => encodeForm(String(event[name]))))
    .join("&");
}

function fillFields(fields: readonly Field[], event: PublishedEvent): Field[] {
  return fields
    .filter(([, value]) => hasValues(value, event))
    .map(([key, value]) => {
      const filled = value.replaceAll(PLACEHOLDER, (_all, name: Name) => String(event[name]));
      if (/[\0\r\n]/.test(filled)) throw new RangeError(`Cannot say ${JSON.stringify(filled)} in the field ${key}`);
      return [key, Buffer.from(filled).toString("latin1")];
    });
}

function fillBody(template: string, event: PublishedEvent): { body: string | undefined; type?: string } {
  if (template === "") return { body: undefined };
  if (/^[[{](?!\{)/.test(template)) return { body: fillJson(template, event), type: "application/json" };
  if (/^[^\s={}&]+=[^&]*(?:&[^\s={}&]+=[^&]*)*$/.test(template)) {
    return { body: fillForm(template, event), type: "application/x-www-form-urlencoded" };
  }
  return {
    body: template.replaceAll(PLACEHOLDER, (_all, name: Name) => String(event[name] ?? "")),
    type: "text/plain; charset=utf-8",
  };
}

/** A character of the private use area, which stands for a brace while the template is JSON. */
const OPEN = "\ue000";

function fillJson(template: string, event: PublishedEvent): string {
  // A placeholder is a whole value, or stands inside a string that is there.
  const inStrings = template.replaceAll(/"(?:[^"\\]|\\.)*"/g, (text) =>
    text.replaceAll(PLACEHOLDER, `${OPEN}$1${OPEN}`),
  );
  const json = inStrings.replaceAll(PLACEHOLDER, `"${OPEN}$1${OPEN}"`);
  const parsed = parseJson(json, template);
  return JSON.stringify(fillValue(parsed, event));
}

function parseJson(json: string, template: string): unknown {
  try {
    return JSON.parse(json);
  } catch (error) {
    throw new TypeError(
      `Cannot publish by ${template}: it is no JSON once its placeholders have values ` +
        `(${(error as Error).message}); write {"data": {{data}}}, without quotes around the braces`,
    );
  }
}

function fillValue(value: unknown, event: PublishedEvent): unknown {
  if (typeof value === "string") {
    const whole = new RegExp(`^${OPEN}([a-z]+)${OPEN}$`).exec(value);
    if (whole !== null) return event[whole[1] as Name];
    const parts = [...value.matchAll(new RegExp(`${OPEN}([a-z]+)${OPEN}`, "g"))];
    if (parts.some(([, name]) => event[name as Name] === undefined)) return undefined;
    return parts.reduce((text, [part, name]) => text.replace(part, () => String(event[name as Name])), value);
  }
  if (Array.isArray(value)) return value.map((item) => fillValue(item, event)).filter((item) => item !== undefined);
  if (typeof value === "object" && value !== null) {
    // JSON.stringify leaves out what is undefined.
    return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, fillValue(member, event)]));
  }
  return value;
}

function hasValues(text: string, event: PublishedEvent): boolean {
  return [...placeholdersOf(text)].every((name) => event[name] !== undefined);
}

/** As forms are encoded: UTF-8, percent signs, and `+` for a space. */
function encodeForm(text: string): string {
  return encodeURIComponent(Buffer.from(text).toString()).replaceAll("%20", "+");
}
