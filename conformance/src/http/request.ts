/** A field line of a head: its name as written, and its value with one character a byte. */
export type Field = readonly [name: string, value: string];

/** How TLS is checked. */
export interface TlsOptions {
  /** Certificates of authorities in PEM, besides the machine's. */
  readonly ca?: string | undefined;
  /** Takes any certificate. */
  readonly insecure?: boolean | undefined;
}

/** A request as it goes over the wire. */
export interface Request {
  readonly url: URL;
  /** `GET` by default. */
  readonly method?: string | undefined;
  /** Added to `Host`; one of the same name takes the place of an earlier one. */
  readonly fields?: readonly Field[] | undefined;
  /** Sent with a `Content-Length`. */
  readonly body?: string | undefined;
  /** `1.1` by default. Over `http:`, `2` is spoken with prior knowledge. */
  readonly version?: "1.0" | "1.1" | "2" | undefined;
  readonly tls?: TlsOptions | undefined;
}

/** Where the bytes of an exchange are noted. */
export type WireLog = (direction: "sent" | "received", bytes: Uint8Array | string) => void;

/** The head of a response. */
export interface Head {
  /** `HTTP/1.1`, `HTTP/1.0` or `HTTP/2`. */
  readonly version: string;
  readonly status: number;
  readonly fields: readonly Field[];
}

/** All values of a field, in their order. */
export function valuesOf(head: Head, name: string): string[] {
  return head.fields.filter(([own]) => own.toLowerCase() === name).map(([, value]) => value);
}

/** The values of a field as one, as HTTP joins them; `undefined` if it is not there. */
export function joinedValueOf(head: Head, name: string): string | undefined {
  const values = valuesOf(head, name);
  return values.length === 0 ? undefined : values.join(", ");
}

/** The fields of a request, where a later one takes the place of an earlier one of its name. */
export function mergeFields(...groups: readonly (readonly Field[] | undefined)[]): Field[] {
  const merged = new Map<string, Field>();
  for (const field of groups.flatMap((group) => group ?? [])) merged.set(field[0].toLowerCase(), field);
  return [...merged.values()];
}

/** Text as it travels in a field: its UTF-8 bytes, one character each. */
export function fieldValue(text: string): string {
  return Buffer.from(text).toString("latin1");
}
