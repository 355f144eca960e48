import { openHttp1 } from "../http/open-http1.ts";
import type { Field, TlsOptions } from "../http/request.ts";
import { atMost } from "./at-most.ts";
import { fillRequest, type parseRequestTemplate, placeholdersOf } from "./publish-template.ts";
import {
  PUBLISHING_AT_ONCE,
  type PublishAnswer,
  type PublishedEvent,
  type Publisher,
  Refusal,
  UnsettledError,
} from "./publisher.ts";

/** Publishes by a request for each event. */
export function httpPublisher(
  template: NonNullable<ReturnType<typeof parseRequestTemplate>>,
  { fields, tls, within }: { fields: readonly Field[]; tls: TlsOptions; within: number },
): Publisher {
  const places = placeholdersOf(template.url, template.body, ...fields.map(([, value]) => value));
  if (!places.has("data")) {
    throw new TypeError(`Cannot publish by ${template.method} ${template.url}: it has no {{data}}; say where it goes`);
  }
  return {
    fields: new Set((["event", "id", "retry"] as const).filter((name) => places.has(name))),
    publish: atMost(PUBLISHING_AT_ONCE, async (event) => answerOf(await ask(event))),
  };

  async function ask(event: PublishedEvent): Promise<string> {
    const request = fill(event);
    const close: Field = ["Connection", "close"];
    const reader = await openHttp1({ ...request, fields: [...request.fields, close], tls }, () => {});
    await reader.untilEnded(within);
    reader.leave();
    if (reader.head === undefined) {
      throw new UnsettledError(
        `Cannot publish: ${request.method} ${request.url} had no answer within ${within} ms; see --within`,
      );
    }
    const { status } = reader.head;
    if (status >= 400) {
      const why = reader.text.trim().slice(0, 200);
      throw new Refusal(`${request.method} ${request.url} answered ${status}${why === "" ? "" : `: ${why}`}`);
    }
    return reader.text;
  }

  function fill(event: PublishedEvent): ReturnType<typeof fillRequest> {
    try {
      return fillRequest({ ...template, fields }, event);
    } catch (error) {
      // The template has no way to say this, so that nothing was published.
      if (error instanceof RangeError) throw new Refusal(error.message);
      throw error;
    }
  }
}

/** Reads a number of subscribers out of an answer, as JSON or in words. */
export function answerOf(text: string): PublishAnswer {
  const match = /\b(?:subscribers|listeners|clients|receivers|connections)"?\s*[:=]\s*"?(\d+)/i.exec(text);
  return { subscribers: match === null ? undefined : Number(match[1]) };
}
