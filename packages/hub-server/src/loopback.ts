/** Whether a host name or address, IPv6 with or without brackets, can only mean this machine. */
export function isLoopback(host: string): boolean {
  const name = host.toLowerCase().replace(/^\[(.*)\]$/, "$1");
  return name === "localhost" || name.endsWith(".localhost") || name === "::1" || /^127(\.\d{1,3}){3}$/.test(name);
}

/**
 * Whether a request with this `Origin` may publish. Programs send none and may. A page may if it comes from this
 * machine, or, on a hub that others may reach, from the hub itself: else any web site that is open in a browser here
 * could publish to a hub that asks for no token.
 *
 * @param origin the request's `Origin`
 * @param remote what a hub that others may reach calls itself: the request's `Host`; `undefined` on loopback, where a
 * name in `Host` proves nothing, for a hostile site can have its name point to loopback
 */
export function mayPublish(origin: string | undefined, remote: string | undefined): boolean {
  if (origin === undefined) return true;
  if (!URL.canParse(origin)) return false;
  const { host, hostname } = new URL(origin);
  return isLoopback(hostname) || (remote !== undefined && host === remote.toLowerCase());
}
