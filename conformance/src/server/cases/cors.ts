import { joinedValueOf, valuesOf } from "../../http/request.ts";
import { fail, info, type ServerCase, serverCase, show, unsupported } from "../server-case.ts";
import type { ServerSubject } from "../server-subject.ts";

const ORIGIN = "https://reader.example";

async function openFromElsewhere(subject: ServerSubject): Promise<(name: string) => string[]> {
  const { head } = await subject.open({ fields: [["Origin", ORIGIN]] });
  return (name) => (head === undefined ? [] : valuesOf(head, name));
}

/** What pages of other origins get. */
export const corsCases: readonly ServerCase[] = [
  serverCase({
    id: "cors/allowed",
    level: "INFO",
    rule: "A page of another origin may read the stream.",
    from: [
      "fetch#cors-check",
      "Let origin be the result of getting `Access-Control-Allow-Origin` from response's header list.",
    ],
    repair: "Send Access-Control-Allow-Origin, if pages of other origins are meant to read it.",
    run: async (subject) => {
      const allowed = (await openFromElsewhere(subject))("access-control-allow-origin");
      return allowed.length > 0 ? undefined : info("no Access-Control-Allow-Origin: pages of this origin alone");
    },
  }),
  serverCase({
    id: "cors/one-origin",
    level: "MUST",
    rule: "Access-Control-Allow-Origin is one value: the origin of the request or *.",
    from: [
      "fetch#cors-check",
      "If the result of byte-serializing a request origin with request is not origin, then return failure.",
    ],
    repair: "Set it in one place: when proxy and application both add it, browsers refuse the response.",
    run: async (subject) => {
      const allowed = (await openFromElsewhere(subject))("access-control-allow-origin");
      if (allowed.length === 0) return unsupported("no Access-Control-Allow-Origin");
      if (allowed.length > 1 || /[,\s]/.test(allowed[0] ?? "")) {
        fail("Browsers refuse the response", { expected: `${ORIGIN} or *, once`, actual: show(allowed) });
      }
      return undefined;
    },
  }),
  serverCase({
    id: "cors/credentials-need-an-origin",
    level: "MUST",
    rule: "Access-Control-Allow-Credentials does not stand beside Access-Control-Allow-Origin: *.",
    from: [
      "fetch#cors-check",
      'If request\'s credentials mode is not "include" and origin is `*`, then return success.',
    ],
    repair: "Name the origin for requests with credentials, after a look at a list of those you trust.",
    run: async (subject) => {
      const values = await openFromElsewhere(subject);
      if (
        values("access-control-allow-origin").includes("*") &&
        values("access-control-allow-credentials").length > 0
      ) {
        fail("Browsers refuse the response to a request with credentials", {
          expected: "no Access-Control-Allow-Credentials beside *",
          actual: show(values("access-control-allow-credentials")),
        });
      }
    },
  }),
  serverCase({
    id: "cors/vary",
    level: "SHOULD",
    rule: "A response that names the origin of its request has Vary: Origin.",
    from: [
      "fetch#cors-protocol-and-http-caches",
      "If CORS protocol requirements are more complicated than setting `Access-Control-Allow-Origin` to * or a static origin, `Vary` is to be used.",
    ],
    repair: "Add Vary: Origin, or a cache hands one origin's response to another.",
    run: async (subject) => {
      const values = await openFromElsewhere(subject);
      if (!values("access-control-allow-origin").includes(ORIGIN)) return unsupported("the origin is not named");
      const vary = values("vary").join(",");
      if (!/(?:^|,)\s*(?:origin|\*)\s*(?:,|$)/i.test(vary)) {
        fail("Caches mix up origins", { expected: "Vary: Origin", actual: vary === "" ? "no Vary" : `Vary: ${vary}` });
      }
      return undefined;
    },
  }),
  serverCase({
    id: "cors/preflight",
    level: "INFO",
    rule: "A preflight for Last-Event-ID is allowed.",
    from: "A client that stands on fetch() may send Last-Event-ID to another origin only when a preflight allowed it.",
    repair: "Allow last-event-id in Access-Control-Allow-Headers, or give ids without a byte that brings a preflight.",
    run: async (subject) => {
      const reader = await subject.request({
        method: "OPTIONS",
        fields: [
          ["Origin", ORIGIN],
          ["Access-Control-Request-Method", "GET"],
          ["Access-Control-Request-Headers", "last-event-id"],
        ],
      });
      const allowed = (reader?.head && joinedValueOf(reader.head, "access-control-allow-headers")) ?? "";
      if (/last-event-id|\*/i.test(allowed)) return undefined;
      return info(
        `a preflight is answered with ${reader?.head?.status ?? "nothing"}, and allows ${allowed || "nothing"}`,
      );
    },
  }),
];
