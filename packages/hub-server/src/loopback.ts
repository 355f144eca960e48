/** Whether a host name or address, IPv6 with or without brackets, can only mean this machine. */
export function isLoopback(host: string): boolean {
  const name = withoutBrackets(host).toLowerCase();
  return name === "localhost" || name.endsWith(".localhost") || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name);
}

/** A host without the brackets that an IPv6 address has in a URL. */
export function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}

/**
 * Whether a request with this `Origin` may publish without a token. Programs send none and may; so may a page that
 * comes from this machine. Any other page may not, else each web site that is open in a browser here could publish.
 * `Host` is not asked: a hostile site can have its own name point to loopback.
 */
export function mayPublish(origin: string | undefined): boolean {
  return origin === undefined || (URL.canParse(origin) && isLoopback(new URL(origin).hostname));
}
