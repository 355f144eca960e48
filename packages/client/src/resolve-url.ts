/**
 * Parses a URL, against the page's where there is one, and serializes it.
 *
 * @throws {DOMException} A `SyntaxError`, if it can't be parsed.
 */
export function resolveUrl(url: string | URL): string {
  const { document, location } = globalThis as { document?: Document; location?: Location };
  const text = `${url}`;
  try {
    return new URL(text, document?.baseURI ?? location?.href).href;
  } catch {
    throw new DOMException(`Cannot parse ${text} as a URL: give an absolute one`, "SyntaxError");
  }
}
