import { fillRequest, parseRequestTemplate, placeholdersOf } from "@ssekit/conformance";
import type { Publish } from "./publish-on-schedule.ts";

/**
 * Publishes by an HTTP request, as the conformance suite does: `POST http://host/path {"data": {{data}}}`, where each
 * placeholder is encoded for the body it stands in.
 *
 * @throws {TypeError} for a template that is no request, or has no place for the data.
 */
export function httpPublish(text: string, fields: readonly (readonly [name: string, value: string])[] = []): Publish {
  const template = parseRequestTemplate(text);
  if (template === undefined) {
    throw new TypeError(`Cannot publish by ${text}: give a request such as 'POST http://… {"data": {{data}}}'`);
  }
  if (!placeholdersOf(template.url, template.body).has("data")) {
    throw new TypeError(`Cannot publish by ${text}: it has no {{data}}; say where the data goes`);
  }
  const whole = { ...template, fields };
  // Once, so that a template that can't be filled says so before the run.
  fillRequest(whole, { data: "" });
  // Node loads its client with the first request, which would make the first event late.
  fetch("data:,").catch(() => {});
  return async (data) => {
    const { method, url, fields: filled, body } = fillRequest(whole, { data });
    const headers = new Headers(filled.map(([name, value]): [string, string] => [name, value]));
    const response = await fetch(url, { method, headers, body: body ?? null });
    await response.arrayBuffer();
    if (!response.ok) throw new Error(`${method} ${url.href} was answered by ${response.status}`);
  };
}
