import fc from "fast-check";
import { anyText } from "testing/any-text";
import { describe, expect, it } from "vitest";
import { parseSubscribeQuery } from "./subscribe-query.ts";

describe("parseSubscribeQuery()", () => {
  it.each([
    ["an exact topic", "match=news", ["news"]],
    ["several", "match=a&match=b", ["a", "b"]],
    [
      "a pattern",
      "match_urlpattern=https%3A%2F%2Fexample.net%2Ffoo%2F%3Ax",
      [{ pattern: "https://example.net/foo/:x" }],
    ],
    ["both kinds, in order", "match_urlpattern=/a/*&match=b", [{ pattern: "/a/*" }, "b"]],
    ["* as all topics, by either name", "match=*&match_urlpattern=*", [{ pattern: "*" }, { pattern: "*" }]],
    ["percent-encoding and plus signs", "match=caf%C3%A9+au%20lait", ["café au lait"]],
    ["broken percent-encoding as it stands", "match=100%&match=%zz", ["100%", "%zz"]],
    ["parameters of other names, which it ignores", "match=a&topic=b&last_event_id=c", ["a"]],
  ])("takes %s", (_, query, matchers) => {
    expect(parseSubscribeQuery(query)).toEqual(matchers);
  });

  it.each([
    ["no matcher", "", /nothing.*match=TOPIC/],
    ["a matcher of the protocol's older name", "topic=a", /match=TOPIC/],
    ["an unknown matcher", "match=a&match_regex=b", /"match_regex".*match_urlpattern/],
    ["an unknown matcher in another case", "match=a&MATCH=b", /"MATCH"/],
    ["any other name that begins so", "match=a&matches=b", /"matches"/],
    ["an empty topic", "match=", /empty match/],
    ["a control character", "match=a%00", /U\+0000/],
    ["a format character in a pattern", "match_urlpattern=/%E2%80%8B", /U\+200B/],
    ["a matcher that is too long", `match=${"x".repeat(1025)}`, /1025/],
  ])("refuses %s with 400", (_, query, reason) => {
    expect(parseSubscribeQuery(query)).toMatchObject({ status: 400, reason: expect.stringMatching(reason) });
  });

  it("answers any query without throwing", () => {
    fc.assert(
      fc.property(anyText, (query) => {
        expect(() => parseSubscribeQuery(query)).not.toThrow();
      }),
    );
  });
});
