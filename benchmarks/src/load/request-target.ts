/** The request that every reader makes, as plain data that a worker can be sent. */
export interface RequestTarget {
  readonly url: string;
  readonly method: string;
  /** Fields as given, in order. */
  readonly fields: readonly (readonly [name: string, value: string])[];
  readonly body: string | undefined;
  /** Whether a certificate that can't be verified is taken. */
  readonly insecure: boolean;
}

/** The bytes of the request, for a new stream or for one that goes on after `lastEventId`. */
export function requestText({ url, method, fields, body }: RequestTarget, lastEventId?: string): string {
  const { host, pathname, search } = new URL(url);
  const given = new Set(fields.map(([name]) => name.toLowerCase()));
  const defaults: [string, string][] = [
    ["Host", host],
    ["Accept", "text/event-stream"],
    ["Cache-Control", "no-cache"],
  ];
  if (body !== undefined) {
    defaults.push(["Content-Type", "application/json"], ["Content-Length", String(Buffer.byteLength(body))]);
  }
  const all = [...defaults.filter(([name]) => !given.has(name.toLowerCase())), ...fields];
  if (lastEventId !== undefined && lastEventId !== "") all.push(["Last-Event-ID", lastEventId]);
  const lines = all.map(([name, value]) => `${name}: ${value}\r\n`);
  return `${method} ${pathname}${search} HTTP/1.1\r\n${lines.join("")}\r\n${body ?? ""}`;
}
