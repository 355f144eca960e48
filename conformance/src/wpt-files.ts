/**
 * The files of web-platform-tests in eventsource/, without their endings, and who can show what they ask: a parser, a
 * client in any language, or a page in a browser alone (realms, workers, documents, CORS).
 */
export const WPT_FILES: Readonly<Record<string, "parser" | "client" | "browser">> = {
  ...of("parser", [
    "event-data",
    "format-bom",
    "format-bom-2",
    "format-comments",
    "format-data-before-final-empty-line",
    "format-field-data",
    "format-field-event",
    "format-field-event-empty",
    "format-field-id",
    "format-field-id-2",
    "format-field-id-3",
    "format-field-id-null",
    "format-field-parsing",
    "format-field-retry",
    "format-field-retry-bogus",
    "format-field-retry-empty",
    "format-field-unknown",
    "format-leading-space",
    "format-newlines",
    "format-null-character",
    "format-utf-8",
  ]),
  ...of("client", [
    "eventsource-close",
    "eventsource-constructor-non-same-origin",
    "eventsource-constructor-url-bogus",
    "eventsource-eventtarget",
    "eventsource-onmessage",
    "eventsource-onopen",
    "eventsource-prototype",
    "eventsource-reconnect",
    "eventsource-url",
    "format-mime-bogus",
    "format-mime-trailing-semicolon",
    "format-mime-valid-bogus",
    "request-accept",
    "request-cache-control",
    "request-redirect",
    "request-status-error",
  ]),
  ...of("browser", [
    "dedicated-worker/eventsource-close",
    "dedicated-worker/eventsource-close2",
    "dedicated-worker/eventsource-constructor-no-new",
    "dedicated-worker/eventsource-constructor-non-same-origin",
    "dedicated-worker/eventsource-eventtarget",
    "dedicated-worker/eventsource-onmessage",
    "dedicated-worker/eventsource-onopen",
    "dedicated-worker/eventsource-prototype",
    "dedicated-worker/eventsource-url",
    "eventsource-bfcache",
    "eventsource-constructor-document-domain",
    "eventsource-constructor-empty-url",
    "eventsource-constructor-stringify",
    "eventsource-constructor-url-multi-window",
    "eventsource-cross-origin",
    "eventsource-cross-origin-preflight",
    "eventsource-onmessage-realm",
    "eventsource-onmessage-trusted",
    "eventsource-request-cancellation",
    "request-credentials",
    "shared-worker/eventsource-close",
    "shared-worker/eventsource-constructor-non-same-origin",
    "shared-worker/eventsource-eventtarget",
    "shared-worker/eventsource-onmessage",
    "shared-worker/eventsource-onopen",
    "shared-worker/eventsource-prototype",
    "shared-worker/eventsource-url",
  ]),
};

/** The name of a file without the endings that say where it runs. */
export function wptName(file: string): string {
  return file.replace(/(\.(any|window|worker|https|sub|js|html?))+$/, "");
}

function of<Area extends string>(area: Area, files: readonly string[]): Record<string, Area> {
  return Object.fromEntries(files.map((file) => [file, area]));
}
