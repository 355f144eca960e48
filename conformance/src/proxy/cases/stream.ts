import { counted } from "../../counted.ts";
import { joinedValueOf } from "../../http/request.ts";
import { fail, type ProxyCase, proxyCase, STREAMS, unsupported } from "../proxy-case.ts";
import type { ProxyRequest, ProxySubject, Through } from "../proxy-subject.ts";

const BUFFERING =
  "Since connections established to remote servers for such resources are expected to be long-lived, UAs should ensure that appropriate buffering is used.";
const LEGACY = "Legacy proxy servers are known to, in certain cases, drop HTTP connections after a short timeout.";
const INCOMPLETE =
  "A message body that uses the chunked transfer coding is incomplete if the zero-sized chunk that terminates the encoding has not been received.";
const NO_BUFFERING =
  "Turn response buffering off (nginx: proxy_buffering off, or X-Accel-Buffering: no from the server).";

/** Sends each event when the reader has the one before: what waits for more waits for ever. */
async function oneByOne(subject: ProxySubject, through: Through, rounds = 10): Promise<number[]> {
  const taken: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const started = performance.now();
    await subject.pass(through, `event ${round}`);
    taken.push(performance.now() - started);
  }
  return taken;
}

async function ends(through: Through, within: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<false>((resolve) => {
    timer = setTimeout(resolve, within, false);
  });
  const closed = await Promise.race([through.origin.closed.then(() => true), late]);
  clearTimeout(timer);
  return closed;
}

async function expectLeavingHeard(
  subject: ProxySubject,
  how: "end" | "reset",
  request: ProxyRequest = {},
): Promise<void> {
  const through = await subject.open(request);
  through.reader.leave(how);
  if (!(await ends(through, subject.durations.within))) {
    fail("The server doesn't hear that its reader left", {
      expected: `the end of the proxy's connection within ${subject.durations.within} ms`,
      actual: "an open connection",
    });
  }
}

/** What is done to a stream on its way. */
export const streamCases: readonly ProxyCase[] = [
  proxyCase({
    id: STREAMS,
    level: "INTEGRITY",
    rule: "Each event comes through without another one after it.",
    from: ["parsing-an-event-stream", BUFFERING],
    repair: NO_BUFFERING,
    deadline: 60_000,
    run: async (subject) => void (await oneByOne(subject, await subject.open())),
  }),
  proxyCase({
    id: "buffering/no-delay",
    after: STREAMS,
    level: "PRACTICE",
    rule: "An event is not kept for a while, to leave with the next one.",
    from: ["parsing-an-event-stream", BUFFERING],
    repair: "Turn off what waits for more: HAProxy wants option http-no-delay, others tcp_nodelay.",
    deadline: 60_000,
    run: async (subject) => {
      const taken = await oneByOne(subject, await subject.open(), 15);
      const median = Math.round([...taken].sort((one, other) => one - other)[7] ?? 0);
      if (median > subject.durations.prompt) {
        fail("Events are kept", {
          expected: `${subject.durations.prompt} ms at most, in the median of 15`,
          actual: `${median} ms`,
        });
      }
    },
  }),
  proxyCase({
    id: "buffering/comments",
    level: "PRACTICE",
    rule: "A comment comes through alone.",
    from: ["authoring-notes", LEGACY],
    repair: NO_BUFFERING,
    run: async (subject) => {
      const through = await subject.open();
      through.origin.write(":\n\n");
      await subject.comes(through, () => through.reader.comments.length > 1, "the comment");
    },
  }),
  proxyCase({
    id: "buffering/large-event",
    after: STREAMS,
    level: "INTEGRITY",
    rule: "An event of 2 MB comes through whole, and alone.",
    from: ["parsing-an-event-stream", BUFFERING],
    repair: "Raise or remove limits on the size of a response.",
    run: async (subject) => {
      await subject.pass(await subject.open(), "0123456789abcdef".repeat(125_000));
    },
  }),
  proxyCase({
    id: "content/bytes",
    level: "INTEGRITY",
    rule: "Every byte of the stream comes through as it was sent.",
    from: ["parsing-an-event-stream", "Event streams in this format must always be encoded as UTF-8."],
    repair: "Turn off what rewrites bodies: filters, injected scripts, conversions of line ends and character sets.",
    run: async (subject) => {
      const text =
        "\ufeffdata: \u00e9\u20ac\u{1f600}\r\ndata:\ta\0b\rdata: <body></body></head>\n\n: http://127.0.0.1/\n\n";
      const { origin, reader } = await subject.ask();
      origin.head();
      origin.write(text);
      origin.end();
      await reader.untilEnded(subject.durations.within);
      if (reader.text !== text) {
        fail("The stream is changed", { expected: JSON.stringify(text), actual: JSON.stringify(reader.text) });
      }
    },
  }),
  proxyCase({
    id: "content/compression-is-flushed",
    after: STREAMS,
    level: "INTEGRITY",
    rule: "Where the proxy compresses, each event comes through all the same.",
    from: [
      "authoring-notes",
      "Authors are also cautioned that HTTP chunking can have unexpected negative effects on the reliability of this protocol, in particular if the chunking is done by a different layer unaware of the timing requirements.",
    ],
    repair: "Take text/event-stream out of the types that are compressed, or send Cache-Control: no-transform.",
    deadline: 60_000,
    run: async (subject) => {
      const through = await subject.ask({ fields: [["Accept-Encoding", "gzip, deflate, br"]] });
      through.origin.head();
      // A first one, for some decide by the first bytes.
      await subject.pass(through, "first");
      const coding = through.reader.head && joinedValueOf(through.reader.head, "content-encoding");
      if (coding === undefined || coding === "identity") return unsupported("the proxy does not compress streams");
      await oneByOne(subject, through);
      return undefined;
    },
  }),
  proxyCase({
    id: "content/no-transform",
    level: "MUST",
    rule: "A stream that says no-transform is not compressed.",
    from: [
      "rfc9111-5.2.2.6",
      "The no-transform response directive indicates that an intermediary (regardless of whether it implements a cache) MUST NOT transform the content, as defined in Section 7.7 of [HTTP].",
    ],
    repair: "Take text/event-stream out of the types that are compressed.",
    run: async (subject) => {
      const fields = [["Accept-Encoding", "gzip, deflate, br"]] as const;
      const { origin, reader } = await subject.ask({ fields });
      origin.head(200, [["Cache-Control", "no-cache, no-transform"]]);
      origin.write(`data: ${"x".repeat(4_000)}\n\n`);
      origin.end();
      await reader.untilEnded(subject.durations.within);
      const coding = reader.head && joinedValueOf(reader.head, "content-encoding");
      if (coding !== undefined) fail("The stream is compressed", { expected: "no Content-Encoding", actual: coding });
    },
  }),
  proxyCase({
    id: "content/each-reader-its-own",
    level: "INTEGRITY",
    rule: "Two readers of one URL get two responses.",
    from: [
      "rfc9111-5.2.2.4",
      "The no-cache response directive, in its unqualified form (without an argument), indicates that the response MUST NOT be used to satisfy any other request without forwarding it for validation and receiving a successful response; see Section 4.3.",
    ],
    repair: "Take streams out of the cache, and of collapsed forwarding.",
    run: async (subject) => {
      const first = await subject.ask();
      first.origin.head();
      first.origin.write("data: to the first\n\n");
      const reader = await subject.send(first.token, {});
      const second = await subject.origin.request(first.token, { at: 1, within: subject.durations.within });
      if (second === undefined) {
        fail("The second reader gets no response of its own", {
          expected: "a second request at the server",
          actual: `${counted(reader?.content.length ?? 0, "byte")} of another response`,
        });
      }
      second.answer(204);
    },
  }),
  proxyCase({
    id: "life/idle",
    after: STREAMS,
    level: "PRACTICE",
    rule: "A stream that is quiet for as long as a server may be stays open.",
    from: ["authoring-notes", LEGACY],
    repair: "Raise the proxy's read time-out above the heartbeat's interval, or lower that interval.",
    deadline: 180_000,
    run: async (subject) => {
      const through = await subject.open();
      const { idle } = subject.durations;
      if ((await through.reader.untilEnded(idle)) !== undefined) {
        fail("The proxy ended a quiet stream", { expected: `an open stream after ${idle} ms`, actual: "its end" });
      }
      await subject.pass(through, "after the silence");
    },
  }),
  proxyCase({
    id: "life/many-at-once",
    after: STREAMS,
    level: "PRACTICE",
    rule: "Forty streams at once all come through.",
    from: [
      "authoring-notes",
      "Clients that support HTTP's per-server connection limitation might run into trouble when opening multiple pages from a site if each page has an EventSource to the same domain.",
    ],
    repair: "Raise the proxy's limit of connections to the server: a stream keeps one.",
    deadline: 60_000,
    run: async (subject) => {
      const all = await Promise.all(Array.from({ length: 40 }, () => subject.open()));
      await Promise.all(all.map((through) => subject.pass(through, "to each")));
    },
  }),
  proxyCase({
    id: "close/server-ends",
    after: STREAMS,
    level: "INTEGRITY",
    rule: "When the server ends the stream the reader gets all of it, and its end.",
    from: ["rfc9112-8", INCOMPLETE],
    repair: "Let the proxy pass ends on; a reader reconnects only when it hears of one.",
    run: async (subject) => {
      const through = await subject.open();
      through.origin.write("data: last\n\n");
      through.origin.end();
      const ending = await through.reader.untilEnded(subject.durations.within);
      if (ending !== "complete" || through.reader.events.at(-1)?.data !== "last") {
        fail("The end does not come through", {
          expected: "the last event, then a complete response",
          actual: `${ending ?? "no end"}, ${counted(through.reader.events.length, "event")}`,
        });
      }
    },
  }),
  proxyCase({
    id: "close/server-breaks-off",
    after: STREAMS,
    level: "SHOULD",
    rule: "When the server's connection breaks off the response does not look whole.",
    from: ["rfc9112-8", INCOMPLETE],
    repair: "Speak HTTP/1.1 to the server (nginx: proxy_http_version 1.1): in HTTP/1.0 a break looks like an end.",
    run: async (subject) => {
      const through = await subject.open();
      through.origin.breakOff();
      const ending = await through.reader.untilEnded(subject.durations.within);
      if (ending === undefined || ending === "complete") {
        fail("A response that broke off looks otherwise", { expected: "a cut response", actual: ending ?? "no end" });
      }
    },
  }),
  ...(["end", "reset"] as const).map((how) =>
    proxyCase({
      id: how === "end" ? "close/reader-leaves" : "close/reader-breaks-off",
      after: STREAMS,
      level: "PRACTICE",
      rule:
        how === "end"
          ? "When a reader leaves a quiet stream the server hears of it."
          : "When a reader's connection breaks off the server hears of it.",
      from: "The server learns from the proxy alone that a reader left, and sends until it does.",
      repair: "Have the proxy close the connection behind when that in front closes (HAProxy: option abortonclose).",
      run: (subject) => expectLeavingHeard(subject, how),
    }),
  ),
  ...http2Cases(),
];

function http2Cases(): ProxyCase[] {
  const NONE = "the proxy speaks no HTTP/2";
  const version = "2";
  return [
    proxyCase({
      id: "http2/well-formed",
      level: "MUST",
      rule: "Over HTTP/2 the response is a well-formed message, whatever the server said of its connection.",
      from: [
        "rfc9113-8.2.2",
        "An intermediary transforming an HTTP/1.x message to HTTP/2 MUST remove connection-specific header fields as discussed in Section 7.6.1 of [HTTP], or their messages will be treated by other HTTP/2 endpoints as malformed (Section 8.1.1).",
      ],
      repair: "Use a proxy that removes Connection, Keep-Alive and Transfer-Encoding.",
      run: async (subject) => {
        if (!(await subject.speaksHttp2())) return unsupported(NONE);
        const through = await subject.ask({ version });
        through.origin.head(200, [["Keep-Alive", "timeout=5"]]);
        through.origin.write("data: x\n\n");
        through.origin.end();
        await through.reader.until(() => through.reader.head ?? through.reader.faults[0], subject.durations.within);
        if (through.reader.head === undefined) {
          fail("The response is malformed", {
            expected: "a head",
            actual: through.reader.faults.join("; ") || "nothing",
          });
        }
        return undefined;
      },
    }),
    proxyCase({
      id: "http2/one-by-one",
      level: "INTEGRITY",
      rule: "Over HTTP/2 too each event comes through without another one after it.",
      from: ["parsing-an-event-stream", BUFFERING],
      repair: NO_BUFFERING,
      deadline: 60_000,
      run: async (subject) => {
        if (!(await subject.speaksHttp2())) return unsupported(NONE);
        await oneByOne(subject, await subject.open({ version }));
        return undefined;
      },
    }),
    proxyCase({
      id: "http2/reader-leaves",
      after: "http2/one-by-one",
      level: "PRACTICE",
      rule: "When a reader cancels its stream of HTTP/2 the server hears of it.",
      from: [
        "rfc9113-6.4",
        'The RST_STREAM frame fully terminates the referenced stream and causes it to enter the "closed" state.',
      ],
      repair: "Have the proxy close the connection behind when the stream in front is reset.",
      run: async (subject) => {
        if (!(await subject.speaksHttp2())) return unsupported(NONE);
        await expectLeavingHeard(subject, "end", { version });
        return undefined;
      },
    }),
    proxyCase({
      id: "http2/server-breaks-off",
      after: "http2/one-by-one",
      level: "SHOULD",
      rule: "Over HTTP/2 too a response whose server broke off does not look whole.",
      from: [
        "rfc9113-8.1.1",
        "Intermediaries that process HTTP requests or responses (i.e., any intermediary not acting as a tunnel) MUST NOT forward a malformed request or response.",
      ],
      repair: "Have the proxy reset the stream; where it can't, let an event of your own say that all has been sent.",
      run: async (subject) => {
        if (!(await subject.speaksHttp2())) return unsupported(NONE);
        const through = await subject.open({ version });
        through.origin.breakOff();
        const ending = await through.reader.untilEnded(subject.durations.within);
        if (ending === undefined || ending === "complete") {
          fail("A response that broke off looks otherwise", { expected: "a reset stream", actual: ending ?? "no end" });
        }
        return undefined;
      },
    }),
  ];
}
