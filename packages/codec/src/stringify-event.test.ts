import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createParser } from "./parser.ts";
import { resetLastEventId, type ServerSentEvent } from "./server-sent-event.ts";
import { stringifyEvent } from "./stringify-event.ts";

describe("stringifyEvent()", () => {
  it("writes data alone as one line and the blank line", () => {
    expect(stringifyEvent({ data: "Hello" })).toBe("data: Hello\n\n");
  });

  it("writes every field, with the id as the last one", () => {
    expect(stringifyEvent({ id: "7", data: "x", event: "update", retry: 3000, comment: "note" })).toBe(
      ": note\nretry: 3000\nevent: update\ndata: x\nid: 7\n\n",
    );
  });

  it("writes blocks of a comment, a retry or an id alone", () => {
    expect(stringifyEvent({ comment: "keep-alive" })).toBe(": keep-alive\n\n");
    expect(stringifyEvent({ comment: "" })).toBe(": \n\n");
    expect(stringifyEvent({ retry: 0 })).toBe("retry: 0\n\n");
    expect(stringifyEvent({ id: "7" })).toBe("id: 7\n\n");
  });

  it("takes an undefined field as absent", () => {
    expect(stringifyEvent({ event: undefined, data: "x", id: undefined, retry: undefined, comment: undefined })).toBe(
      "data: x\n\n",
    );
  });

  it("splits data and comment on CR, LF and CRLF (RULES B1)", () => {
    expect(stringifyEvent({ data: "a\nb\rc\r\nd\n\re" })).toBe(
      "data: a\ndata: b\ndata: c\ndata: d\ndata: \ndata: e\n\n",
    );
    expect(stringifyEvent({ comment: "a\rb\r\nc" })).toBe(": a\n: b\n: c\n\n");
    expect(stringifyEvent({ data: "\u2028\u0085\v\f" })).toBe("data: \u2028\u0085\v\f\n\n");
  });

  it.each([
    [{ event: "a\nb", data: "" }, 'Cannot encode event "a\\nb": LF at index 1 would end the line; remove it'],
    [{ event: "\rb", data: "" }, 'Cannot encode event "\\rb": CR at index 0 would end the line; remove it'],
    [{ id: "12\r\n" }, 'Cannot encode id "12\\r\\n": CR at index 2 would end the line; remove it'],
    [{ id: "12\n" }, 'Cannot encode id "12\\n": LF at index 2 would end the line; remove it'],
  ])("refuses CR and LF in event and id (RULES B1): %j", (event, message) => {
    expect(() => stringifyEvent(event)).toThrow(new TypeError(message));
  });

  it("refuses NUL in id and carries it elsewhere (RULES B2)", () => {
    expect(() => stringifyEvent({ data: "x", id: "a\0" })).toThrow(
      new TypeError('Cannot encode id "a\\u0000": NUL at index 1 makes readers ignore the id; remove it'),
    );
    expect(stringifyEvent({ event: "a\0", data: "\0", comment: "\0" })).toBe(": \0\nevent: a\0\ndata: \0\n\n");
  });

  it.each([-1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER + 1, 1e21])(
    "refuses a retry that is not a whole number of at least 0 (RULES B3): %d",
    (retry) => {
      expect(() => stringifyEvent({ retry })).toThrow(
        new RangeError(`Cannot encode retry ${retry}: give a whole number of milliseconds, at least 0`),
      );
    },
  );

  it("refuses a retry that arrives as a string, even of digits (RULES B3)", () => {
    // @ts-expect-error retry is a number
    expect(() => stringifyEvent({ retry: "3000" })).toThrow(
      new TypeError("Cannot encode retry of type string: give a number of milliseconds"),
    );
    // @ts-expect-error retry is a number
    expect(() => stringifyEvent({ retry: "1\ndata: forged" })).toThrow(TypeError);
  });

  it("writes digits alone for any retry that it takes (RULES B3)", () => {
    expect(stringifyEvent({ retry: Number.MAX_SAFE_INTEGER })).toBe("retry: 9007199254740991\n\n");
    expect(stringifyEvent({ retry: -0 })).toBe("retry: 0\n\n");
  });

  it("keeps trailing line ends of data as empty data lines (RULES B4)", () => {
    expect(stringifyEvent({ data: "a\n" })).toBe("data: a\ndata: \n\n");
    expect(stringifyEvent({ data: "\n" })).toBe("data: \ndata: \n\n");
    expect(stringifyEvent({ data: "" })).toBe("data: \n\n");
  });

  it("writes the space after the colon always, so that a leading space arrives (RULES B5)", () => {
    expect(stringifyEvent({ data: " x\n  y", event: " e", id: " i", comment: " c" })).toBe(
      ":  c\nevent:  e\ndata:  x\ndata:   y\nid:  i\n\n",
    );
  });

  it("refuses an empty id, and resets the last event ID only when told so (RULES B6)", () => {
    expect(() => stringifyEvent({ data: "x", id: "" })).toThrow(
      new TypeError(
        'Cannot encode id "": it would mean to have none; leave it out, or say resetLastEventId to reset the reader\'s',
      ),
    );
    expect(stringifyEvent({ id: resetLastEventId })).toBe("id: \n\n");
    expect(stringifyEvent({ data: "x", id: resetLastEventId })).toBe("data: x\nid: \n\n");
  });

  it("adds no byte of its own to an id (RULES B7)", () => {
    expect(stringifyEvent({ id: "#1-2-3" })).toBe("id: #1-2-3\n\n");
  });

  it("writes no id unless the event has one (RULES B8)", () => {
    expect(stringifyEvent({ event: "presence", data: "{}" })).toBe("event: presence\ndata: {}\n\n");
  });

  it("refuses event without data, which would never fire", () => {
    const message = 'Cannot encode event "ping" without data: it would never fire; give it data, which may be ""';
    // @ts-expect-error data is missing
    expect(() => stringifyEvent({ event: "ping" })).toThrow(new TypeError(message));
    // @ts-expect-error data is missing, and an id does not stand in for it
    expect(() => stringifyEvent({ event: "ping", id: "1" })).toThrow(new TypeError(message));
  });

  it("refuses an empty event", () => {
    expect(() => stringifyEvent({ event: "", data: "x" })).toThrow(
      new TypeError('Cannot encode event "": it would mean to have none; leave it out'),
    );
  });

  it("refuses an event without any field", () => {
    const message = "Cannot encode an event without any field: give it data, or a comment, retry or id";
    expect(() => stringifyEvent({})).toThrow(new TypeError(message));
    expect(() => stringifyEvent({ id: undefined })).toThrow(new TypeError(message));
  });

  it("refuses a field that does not exist, so that a typing slip is not lost", () => {
    const message = (name: string): string =>
      `Cannot encode the field "${name}": an event has event, data, id, retry and comment; remove it`;
    // @ts-expect-error a slip of the pen
    expect(() => stringifyEvent({ evnet: "ping", data: "x" })).toThrow(new TypeError(message("evnet")));
    const dispatched = { type: "ping", data: "x", lastEventId: "1" };
    expect(() => stringifyEvent(dispatched)).toThrow(new TypeError(message("type")));
  });

  it.each([
    [{ data: { a: 1 } }, "Cannot encode data of type object: give a string, such as the JSON of the value"],
    [{ data: null }, "Cannot encode data null: give a string, such as the JSON of the value"],
    [{ data: 1 }, "Cannot encode data of type number: give a string, such as the JSON of the value"],
    [{ data: ["a", "b"] }, "Cannot encode data of type object: give a string, such as the JSON of the value"],
    [{ data: "x", event: 1 }, "Cannot encode event of type number: give a string, or leave it out"],
    [{ id: 1 }, "Cannot encode id of type number: give a string, or resetLastEventId"],
    [{ id: null }, "Cannot encode id null: give a string, or resetLastEventId"],
    [{ id: Symbol("other") }, "Cannot encode id of type symbol: give a string, or resetLastEventId"],
    [{ retry: 1n }, "Cannot encode retry of type bigint: give a number of milliseconds"],
    [{ comment: 1 }, "Cannot encode comment of type number: give a string"],
  ])("refuses a value of the wrong type: %o", (event, message) => {
    expect(() => stringifyEvent(event as unknown as ServerSentEvent)).toThrow(new TypeError(message));
  });

  it("shortens a long value in an error", () => {
    expect(() => stringifyEvent({ id: `${"x".repeat(100)}\n` })).toThrow(
      new TypeError(`Cannot encode id "${"x".repeat(64)}…": LF at index 100 would end the line; remove it`),
    );
  });

  it("keeps a lone surrogate in the string", () => {
    expect(stringifyEvent({ data: "\ud83d" })).toBe("data: \ud83d\n\n");
  });

  describe("properties", () => {
    it("gives the reader what was meant, however the block is cut (RULES B1, B4, B5)", () => {
      fc.assert(
        fc.property(legalEvent(), fc.nat({ max: 9 }), (event, length) => {
          expect(readBack(stringifyEvent(event), length + 1)).toEqual(meantBy(event));
        }),
      );
    });

    it("refuses an event with one illegal field (RULES B1, B2, B3, B6)", () => {
      fc.assert(
        fc.property(legalEvent(), illegalField(), (event, fault) => {
          expect(() => stringifyEvent({ data: "", ...event, ...fault })).toThrow(/^Cannot encode/);
        }),
      );
    });
  });
});

/** Text of line ends, spaces, colons, NULs and any UTF-16 units. */
function text(): fc.Arbitrary<string> {
  const units = fc.array(fc.nat({ max: 0xffff })).map((codes) => String.fromCharCode(...codes));
  const piece = fc.oneof(fc.constantFrom("\r", "\n", "\r\n", " ", ":", "\0", "\u2028", "data: x"), units);
  return fc.array(piece).map((pieces) => pieces.join(""));
}

function legalEvent(): fc.Arbitrary<ServerSentEvent> {
  const line = text().map((value) => value.replaceAll(/[\r\n\0]/g, "") || "x");
  const id = fc.oneof(line, fc.constant<typeof resetLastEventId>(resetLastEventId));
  const fields = { id, retry: fc.maxSafeNat(), comment: text(), event: line, data: text() };
  return fc.record(fields, { requiredKeys: ["data"] });
}

function illegalField(): fc.Arbitrary<object> {
  const spoilt = (...by: string[]): fc.Arbitrary<string> =>
    fc.tuple(text(), fc.constantFrom(...by), text()).map((parts) => parts.join(""));
  const noText = fc.oneof(fc.integer(), fc.constant(null), fc.object(), fc.array(fc.string()));
  const noWholeNumber = fc.oneof(
    fc.integer({ max: -1 }),
    fc.nat().map(String),
    fc.nat().map((value) => value + 0.5),
  );
  return fc.oneof(
    fc.record({ event: fc.oneof(fc.constant(""), spoilt("\r", "\n"), noText) }),
    fc.record({ id: fc.oneof(fc.constant(""), spoilt("\r", "\n", "\0"), noText) }),
    fc.record({ retry: noWholeNumber }),
    fc.record({ comment: noText }),
    fc.record({ data: noText }),
    fc.record({ typo: text() }),
  );
}

/** What a reader gets of a block that arrives in chunks of this length. */
function readBack(block: string, length: number): Record<string, unknown> {
  const comments: string[] = [];
  const read = { comments };
  const parser = createParser({
    onEvent: (event) => Object.assign(read, event),
    onComment: (comment) => comments.push(comment),
    onReconnectionTime: (retry) => Object.assign(read, { retry }),
  });
  for (let at = 0; at < block.length; at += length) parser.feed(block.slice(at, at + length));
  return read;
}

function meantBy({ event, data, id, retry, comment }: ServerSentEvent): Record<string, unknown> {
  const lines = (value: string): string => value.replaceAll(/\r\n?/g, "\n");
  return {
    type: event ?? "message",
    data: lines(data ?? ""),
    lastEventId: typeof id === "string" ? id : "",
    comments: comment === undefined ? [] : lines(comment).split("\n"),
    ...(retry !== undefined && { retry }),
  };
}
