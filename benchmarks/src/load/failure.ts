/** Why a connection or a publish came to nothing. */
export type FailureKind =
  | "refused"
  | "unknown-host"
  | "reset"
  | "timeout"
  | "status"
  | "not-an-event-stream"
  | "not-http"
  | "tls"
  | "closed"
  | "cut"
  | "no-more-files"
  | "no-more-ports"
  | "publish"
  | "other";

/** One kind of failure: how often, and what the first one said. */
export interface Failures {
  readonly kind: FailureKind;
  readonly count: number;
  readonly example: string;
}

/** What goes wrong, with its kind. */
export class LoadFailure extends Error {
  override readonly name = "LoadFailure";
  readonly kind: FailureKind;

  constructor(kind: FailureKind, message: string) {
    super(message);
    this.kind = kind;
  }
}

const kinds: Readonly<Record<string, FailureKind>> = {
  ECONNREFUSED: "refused",
  ENOTFOUND: "unknown-host",
  EAI_AGAIN: "unknown-host",
  ECONNRESET: "reset",
  EPIPE: "reset",
  EPROTO: "tls",
  ETIMEDOUT: "timeout",
  EMFILE: "no-more-files",
  ENFILE: "no-more-files",
  EADDRNOTAVAIL: "no-more-ports",
};

/** The kind of what a socket, a reader or a publisher threw. */
export function failureKind(error: unknown): FailureKind {
  if (error instanceof LoadFailure) return error.kind;
  if (error instanceof SyntaxError) return "not-http";
  const { code = "", message } = error as NodeJS.ErrnoException;
  if (message.includes("no application protocol")) return "not-http";
  if (code.includes("CERT") || code.includes("SSL") || code.includes("SIGNATURE")) return "tls";
  return kinds[code] ?? "other";
}

/** What the person who runs the tool can do about it; nothing where the message says all. */
export function adviceOn(kind: FailureKind): string | undefined {
  switch (kind) {
    case "refused":
      return "nothing listens there, or its backlog is full: give listen() a backlog of 4096";
    case "no-more-files":
      return "this machine's limit of open files is reached: raise it (ulimit -n), or ask for fewer connections";
    case "no-more-ports":
      return "this machine has no local port left towards that address: ask for fewer connections";
    case "not-http":
      return "this tool reads HTTP/1.1 alone: let the server speak it too, beside HTTP/2 or HTTP/3";
    case "tls":
      return "give --insecure to take a certificate that can't be verified, or http: where no TLS is spoken";
    case "timeout":
      return "the head did not come in time: raise --timeout if it may take longer";
    default:
      return undefined;
  }
}
