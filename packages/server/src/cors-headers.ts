/** Who may read a stream from a page of another origin. */
export interface CorsOptions {
  /** The origins that may, as their pages send them, such as `https://app.example`; `*`: every origin. */
  origins: "*" | readonly string[];
  /** Whether readers may bring cookies, as `withCredentials` does; never together with `*`. Default: `false`. */
  credentials?: boolean;
}

/**
 * The header fields that let pages of other origins read a stream, for `init.headers` (RULES B16). An event stream's
 * request needs no preflight, unless a client that is built on `fetch` adds fields of its own.
 *
 * @param origin the request's `Origin`; none for what is no page of another origin.
 *
 * @throws {TypeError} when credentials are allowed to every origin, which browsers refuse.
 *
 * @example
 * ```ts
 * import { corsHeaders, eventStreamResponse } from "@ssekit/server";
 *
 * const handler = (request: Request): Promise<Response> =>
 *   eventStreamResponse(request, (stream) => stream.send({ data: "Hello world!" }), {
 *     headers: corsHeaders(request.headers.get("origin"), { origins: ["https://app.example"], credentials: true }),
 *   });
 * ```
 */
export function corsHeaders(
  origin: string | null | undefined,
  { origins, credentials = false }: CorsOptions,
): Record<string, string> {
  if (origins === "*") {
    if (credentials) throw new TypeError("Cannot allow credentials to the origins *: name the origins that may");
    return { "access-control-allow-origin": "*" };
  }
  // Also for those who may not, lest a cache gives their answer to those who may.
  const headers: Record<string, string> = { vary: "Origin" };
  if (!origin || !origins.includes(origin)) return headers;
  headers["access-control-allow-origin"] = origin;
  if (credentials) headers["access-control-allow-credentials"] = "true";
  return headers;
}
