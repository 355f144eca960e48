import type { ServerResponse } from "node:http";
import type { Http2ServerResponse } from "node:http2";

/** Sets the fields beside those that others set before, such as CORS; those of the same name give way, but for the two that add up. */
export function setHeaders(res: ServerResponse | Http2ServerResponse, headers: Headers): void {
  // Only where it is: Node gives a body without a length to a refusal whose content-length was ever removed.
  if (res.hasHeader("content-length")) res.removeHeader("content-length");
  for (const [name, value] of headers) {
    if (name === "set-cookie" || name === "vary") res.appendHeader(name, value);
    else res.setHeader(name, value);
  }
}
