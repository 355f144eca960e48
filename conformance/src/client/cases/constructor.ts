import { CaseFailure } from "../../case.ts";
import { type ClientCase, type ClientCaseData, type ClientTrial, clientCase } from "../client-case.ts";
import type { InterfaceFacts } from "../client-host.ts";
import { standard } from "../client-standard.ts";

type Fact = Omit<ClientCaseData, "run" | "needs"> & {
  readonly needs?: readonly string[];
  /** What is looked at, and what it has to be. */
  look(facts: InterfaceFacts, url: string): readonly [actual: unknown, expected: unknown];
};

/** RULES A1 to A5: the constructor and the interface. */
export const constructorCases: readonly ClientCase[] = [
  fact({
    id: "client/constructor/needs-a-url",
    rule: "Construction without an argument throws a TypeError.",
    standard: standard.idl,
    repair: "Throw a TypeError when no argument is given; `undefined` that is given is the URL `undefined`.",
    look: ({ noArgument }) => [noArgument, "TypeError"],
  }),
  fact({
    id: "client/constructor/needs-new",
    rule: "The constructor called without `new` throws a TypeError.",
    standard: standard.idl,
    repair: "Make EventSource a class, or throw where `new.target` is undefined.",
    wpt: ["dedicated-worker/eventsource-constructor-no-new.any.js"],
    look: ({ noNew }) => [noNew, "TypeError"],
  }),
  fact({
    id: "client/constructor/bogus-url",
    rule: "A URL that can't be parsed throws a SyntaxError that is a DOMException.",
    standard: standard.urlFailure,
    repair: 'Catch what `new URL()` throws, which is a TypeError, and throw `new DOMException(…, "SyntaxError")`.',
    wpt: ["eventsource-constructor-url-bogus.any.js"],
    look: ({ bogusUrl, bogusIsDomException }) => [
      [bogusUrl, bogusIsDomException],
      ["SyntaxError", true],
    ],
  }),
  fact({
    id: "client/constructor/stringifies-the-url",
    rule: "What is given as the URL is made a string.",
    standard: standard.idl,
    repair: "Convert the first argument with `String(url)` before parsing it.",
    wpt: ["eventsource-constructor-stringify.window.js"],
    look: ({ stringifiedUrl }, url) => [stringifiedUrl, url],
  }),
  fact({
    id: "client/constructor/url-is-serialized",
    rule: "The attribute `url` is the URL parsed and serialized.",
    standard: standard.url,
    repair: "Keep `new URL(url, base).href`, not the argument.",
    wpt: ["eventsource-url.any.js"],
    look: ({ serializedUrl }, url) => [serializedUrl, `${url}?x=y%20z`],
  }),
  fact({
    id: "client/constructor/empty-url",
    rule: "The empty string is the URL of the page.",
    standard: standard.encodingParse,
    repair: "Parse the URL against the base URL of the document.",
    wpt: ["eventsource-constructor-empty-url.any.js"],
    needs: ["base-url"],
    look: ({ emptyUrl, location }) => [emptyUrl, location],
  }),
  fact({
    id: "client/constructor/begins-connecting",
    rule: "A new EventSource is CONNECTING, and one that was closed is CLOSED at once.",
    standard: standard.readyState,
    repair: "Set readyState to 0 in the constructor, to 1 in the task that fires open, and to 2 in close() itself.",
    look: ({ readyState, readyStateOnceClosed }) => [
      [readyState, readyStateOnceClosed],
      [0, 2],
    ],
  }),
  fact({
    id: "client/constructor/with-credentials",
    rule: "The attribute `withCredentials` is what the dictionary says, and false by default.",
    standard: standard.withCredentials,
    repair: "Keep `Boolean(init?.withCredentials)`.",
    look: ({ withCredentials }) => [withCredentials, [false, true]],
  }),
  fact({
    id: "client/interface/constants",
    rule: "CONNECTING, OPEN and CLOSED are 0, 1 and 2, on the class and on its prototype.",
    standard: standard.readyState,
    repair: "Define the three constants on the constructor and on its prototype.",
    look: ({ classConstants, prototypeConstants }) => [
      [classConstants, prototypeConstants],
      [
        [0, 1, 2],
        [0, 1, 2],
      ],
    ],
  }),
  fact({
    id: "client/interface/prototype",
    rule: "Instances inherit from the prototype of EventSource, which can be extended, and from EventTarget.",
    standard: standard.idl,
    repair: "Let the class extend EventTarget, and return no other object from its constructor.",
    wpt: [
      "eventsource-prototype.any.js",
      "dedicated-worker/eventsource-prototype.htm",
      "shared-worker/eventsource-prototype.htm",
    ],
    look: ({ sharesPrototype, isEventTarget }) => [
      [sharesPrototype, isEventTarget],
      [true, true],
    ],
  }),
  fact({
    id: "client/interface/handler-attributes",
    rule: "The attributes onopen, onmessage and onerror are null until they are set; what is no function makes them null.",
    standard: standard.handlers,
    repair: "Keep what is set if it is a function (or an object), else null.",
    look: ({ handlers, handlerKept, handlerOfNoFunction }) => [
      [handlers, handlerKept, handlerOfNoFunction],
      [["null", "null", "null"], true, "null"],
    ],
  }),
  ...["ftp://127.0.0.1/", "about:blank", "mailto:whatwg@example.org", "javascript:alert('FAIL')"].map((streamUrl) =>
    clientCase({
      id: `client/constructor/no-http@scheme=${streamUrl.split(":")[0]}`,
      rule: "A URL that is no HTTP is a failure that is told, not one that is thrown.",
      standard: standard.networkError,
      level: "WPT",
      repair: "Fail the connection when the scheme is neither http nor https: it is futile to try again.",
      needs: ["event-source"],
      wpt: [
        "eventsource-constructor-non-same-origin.window.js",
        "dedicated-worker/eventsource-constructor-non-same-origin.htm",
        "shared-worker/eventsource-constructor-non-same-origin.htm",
      ],
      async run({ start }) {
        const client = await start({ streamUrl });
        const error = await client.next("error");
        client.expectReadyState(error, 2);
        client.expectObject(error, { hasData: false });
      },
    }),
  ),
];

function fact({ look, needs = [], ...data }: Fact): ClientCase {
  return clientCase({ ...data, needs: ["event-source", ...needs], run: (trial) => check(trial, look) });
}

async function check({ subject, context }: ClientTrial, look: Fact["look"]): Promise<void> {
  const url = subject.server.origin + subject.server.serve((exchange) => exchange.head());
  const facts = await subject.host.inspect?.(url);
  if (facts === undefined) throw new Error("Cannot look at the interface: the host declares event-source without it");
  context.wire("received", JSON.stringify(facts));
  const [actual, expected] = look(facts, url).map((value) => JSON.stringify(value) ?? "undefined");
  if (actual === expected) return;
  throw new CaseFailure("The interface is another", { expected: expected ?? "", actual: actual ?? "" });
}
