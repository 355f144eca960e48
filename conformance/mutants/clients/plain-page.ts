import { PlainEventSource } from "./plain-event-source.ts";

/** A page as far as its clients notice it, in members that a mutant can override: Fetch's rules for other origins. */
export class PlainPage {
  readonly href: string;
  /** Of the host, whatever the port. */
  readonly cookies: Map<string, string> = new Map<string, string>();

  constructor(href: string) {
    this.href = href;
  }

  resolve(url: string): string {
    return new URL(url, this.href).href;
  }

  isCross(url: string): boolean {
    return new URL(url).origin !== new URL(this.href).origin;
  }

  allows(field: string | null): boolean {
    return field === "*" || field === new URL(this.href).origin;
  }

  sendsCookies({ cross, withCredentials }: { cross: boolean; withCredentials: boolean }): boolean {
    return !cross || withCredentials;
  }

  needsPreflight(id: string): boolean {
    return id.length > 128 || /[^\t\x20-\x7e\x80-\xff]|["():<>?@[\\\]{}\x7f]/.test(id);
  }
}

/** The plain client in such a page. */
export function plainEventSourceIn(page: PlainPage): typeof PlainEventSource {
  const { origin } = new URL(page.href);
  return class extends PlainEventSource {
    forbidden = false;

    override resolve(url: unknown, count: number): string {
      if (count === 0) return super.resolve(url, count);
      let resolved: string;
      try {
        resolved = page.resolve(`${url}`);
      } catch {
        resolved = `${url}`;
      }
      return super.resolve(resolved, count);
    }

    override async fetch(url: string, init: RequestInit): Promise<Response> {
      const headers = new Headers(init.headers);
      const cross = page.isCross(url);
      const id = headers.get("last-event-id");
      if (cross) headers.set("origin", origin);
      if (cross && id !== null && page.needsPreflight(id)) {
        const asked = { origin, "access-control-request-headers": "last-event-id" };
        await super.fetch(url, { ...init, method: "OPTIONS", headers: asked });
      }
      if (page.sendsCookies({ cross, withCredentials: this.withCredentials })) {
        headers.set("cookie", [...page.cookies].map(([name, value]) => `${name}=${value}`).join("; "));
      }
      const response = await super.fetch(url, { ...init, headers });
      for (const cookie of response.headers.getSetCookie()) {
        const [name = "", value = ""] = (cookie.split(";")[0] ?? "").split("=");
        page.cookies.set(name, value);
      }
      this.forbidden = page.isCross(response.url) && !page.allows(response.headers.get("access-control-allow-origin"));
      if (!this.forbidden) return response;
      void response.body?.cancel().catch(() => {});
      throw new TypeError("CORS forbids it");
    }

    /** It is futile to ask again for what CORS forbids. */
    override networkError(error: unknown): void {
      if (this.forbidden) this.fail();
      else super.networkError(error);
    }
  };
}
