import fc from "fast-check";
import { anyText } from "testing/any-text";
import { describe, expect, it } from "vitest";
import { MAX_FIELD_LENGTH } from "./field.ts";
import { parsePublishForm } from "./publish-form.ts";
import { isRefusal } from "./refusal.ts";

const hubUrl = "http://127.0.0.1:4711/.well-known/mercure";
const parse = (fields: string[][] | string) => parsePublishForm(new URLSearchParams(fields).toString(), hubUrl);

describe("parsePublishForm() takes", () => {
  it.each([
    [
      "a topic alone: missing data is the empty string",
      "topic=news",
      { topics: ["news"], event: { data: "" }, private: false },
    ],
    [
      "every field",
      "topic=a&topic=b&data=1%0A2&id=x-1&type=update&retry=1500",
      { topics: ["a", "b"], event: { data: "1\n2", id: "x-1", event: "update", retry: 1500 }, private: false },
    ],
    ["private by presence, without a value", "topic=a&private", { topics: ["a"], event: { data: "" }, private: true }],
    [
      "private by presence, whatever its value",
      "topic=a&private=off",
      { topics: ["a"], event: { data: "" }, private: true },
    ],
    ["a repeated topic once", "topic=a&topic=a", { topics: ["a"], event: { data: "" }, private: false }],
    [
      "unknown fields, which it ignores",
      "topic=a&target=x&match=*",
      { topics: ["a"], event: { data: "" }, private: false },
    ],
    [
      "empty id, type and retry as absent",
      "topic=a&id=&type=&retry=",
      { topics: ["a"], event: { data: "" }, private: false },
    ],
    [
      "the first of a field that is no topic",
      "topic=a&data=1&data=2",
      { topics: ["a"], event: { data: "1" }, private: false },
    ],
    ["a retry of zero", "topic=a&retry=0", { topics: ["a"], event: { data: "", retry: 0 }, private: false }],
    [
      "plus signs as spaces and a lone percent sign",
      "topic=a+b&data=100%",
      { topics: ["a b"], event: { data: "100%" }, private: false },
    ],
    [
      "text beyond ASCII",
      "topic=caf%C3%A9&data=%F0%9F%8E%88",
      { topics: ["café"], event: { data: "🎈" }, private: false },
    ],
    [
      "a sibling of the hub's own path",
      "topic=/.well-known/mercury",
      { topics: ["/.well-known/mercury"], event: { data: "" }, private: false },
    ],
  ])("%s", (_, form, expected) => {
    expect(parsePublishForm(form, hubUrl)).toEqual(expected);
  });
});

describe("parsePublishForm() refuses", () => {
  it.each([
    ["no topic", "data=x", /no topic.*topic=news/],
    ["the topic *", [["topic", "*"]], /topic "\*".*all topics/],
    [
      "a bad topic after a good one",
      [
        ["topic", "a"],
        ["topic", "*"],
      ],
      /topic "\*"/,
    ],
    ["the hub's own path as a topic", [["topic", "/.well-known/mercure"]], /hub's own/],
    ["a topic below it", [["topic", "/.well-known/mercure/subscriptions/x"]], /hub's own/],
    ["a topic that resolves to it over dots", [["topic", "x/../mercure/y"]], /hub's own/],
    ["a topic that is relative to it", [["topic", "mercure"]], /hub's own/],
    ["a topic that is it on another host", [["topic", "https://example.com/.well-known/mercure/y"]], /hub's own/],
    ["a topic that is it in another scheme", [["topic", "ssekit:/.well-known/mercure"]], /hub's own/],
    ["an empty topic, which resolves to it", [["topic", ""]], /hub's own/],
    ["a C0 character in a topic", [["topic", "a\u0000b"]], /U\+0000 at index 1/],
    ["a line feed in a topic", [["topic", "a\nb"]], /U\+000A/],
    ["DEL in a topic", [["topic", "a\u007f"]], /U\+007F/],
    ["a C1 character in a topic", [["topic", "a\u0085"]], /U\+0085/],
    ["a Cf character in a topic", [["topic", "a\u200bb"]], /U\+200B/],
    ["an astral Cf character in a topic", [["topic", "a\u{e0001}"]], /U\+E0001/],
    [
      "a control character in an id",
      [
        ["topic", "a"],
        ["id", "x\r"],
      ],
      /id "x\\r": .*U\+000D/,
    ],
    [
      "a Cf character in an id",
      [
        ["topic", "a"],
        ["id", "\u202ex"],
      ],
      /U\+202E/,
    ],
    [
      "an id with # in front",
      [
        ["topic", "a"],
        ["id", "#1"],
      ],
      /id "#1"/,
    ],
    [
      "the id earliest",
      [
        ["topic", "a"],
        ["id", "earliest"],
      ],
      /id "earliest"/,
    ],
    [
      "a control character in a type",
      [
        ["topic", "a"],
        ["type", "x\ny"],
      ],
      /type "x\\ny": .*U\+000A/,
    ],
    [
      "a Cf character in a type",
      [
        ["topic", "a"],
        ["type", "x\u00ad"],
      ],
      /U\+00AD/,
    ],
    [
      "the type mercure",
      [
        ["topic", "a"],
        ["type", "mercure"],
      ],
      /type "mercure"/,
    ],
    [
      "a type of the hub's own",
      [
        ["topic", "a"],
        ["type", "ssekit.gap"],
      ],
      /type "ssekit.gap"/,
    ],
    [
      "a retry with a sign",
      [
        ["topic", "a"],
        ["retry", "-1"],
      ],
      /retry "-1"/,
    ],
    [
      "a retry with a fraction",
      [
        ["topic", "a"],
        ["retry", "1.5"],
      ],
      /retry "1.5"/,
    ],
    [
      "a retry in other digits",
      [
        ["topic", "a"],
        ["retry", "١"],
      ],
      /retry/,
    ],
    [
      "a retry in blanks",
      [
        ["topic", "a"],
        ["retry", " 1"],
      ],
      /retry/,
    ],
    [
      "a retry that no number holds",
      [
        ["topic", "a"],
        ["retry", "9".repeat(30)],
      ],
      /retry/,
    ],
  ])("%s, with 400", (_, form, reason) => {
    const outcome = parse(form);
    expect(outcome).toMatchObject({ status: 400, reason: expect.stringMatching(reason) });
    expect(outcome).toMatchObject({ reason: expect.stringMatching(/^Cannot .*: .*[^.]$/) });
  });

  it("a topic that is too long, with 413", () => {
    expect(parse([["topic", "x".repeat(MAX_FIELD_LENGTH)]])).not.toMatchObject({ status: 413 });
    expect(parse([["topic", "x".repeat(MAX_FIELD_LENGTH + 1)]])).toMatchObject({ status: 413 });
  });

  it("shows in its reason what can't be seen", () => {
    expect(parse([["topic", "a\u200bb\u0085"]])).toMatchObject({
      reason: expect.stringContaining('"a\\u{200B}b\\u{0085}"'),
    });
  });

  it("never repeats a long value whole", () => {
    expect(parse([["topic", "x".repeat(9999)]])).toMatchObject({ reason: expect.stringMatching(/^.{1,200}$/) });
  });
});

describe("parsePublishForm() for any form", () => {
  it("answers without throwing, and what it takes keeps the rules", () => {
    const name = fc.constantFrom("topic", "data", "id", "type", "retry", "private", "other");
    const value = fc.oneof(fc.string(), anyText, fc.nat().map(String));
    fc.assert(
      fc.property(fc.array(fc.tuple(name, value)), (fields) => {
        const outcome = parse([["topic", "a"], ...fields]);
        if (isRefusal(outcome)) return;
        const { id, event, retry } = outcome.event;
        for (const text of [...outcome.topics, id ?? "", event ?? ""]) expect(text).not.toMatch(/[\p{Cc}\p{Cf}]/u);
        expect(outcome.topics).not.toContain("*");
        expect(retry === undefined || Number.isSafeInteger(retry)).toBe(true);
      }),
    );
  });

  it("takes any bytes as a body", () => {
    fc.assert(
      fc.property(anyText, (body) => {
        expect(() => parsePublishForm(body, hubUrl)).not.toThrow();
      }),
    );
  });
});
