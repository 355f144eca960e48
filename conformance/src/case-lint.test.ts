import { describe, expect, it } from "vitest";
import { AREAS } from "./areas.ts";
import { groundsOf } from "./report/summary.ts";
import { WPT_FILES, wptName } from "./wpt-files.ts";

const cases = AREAS.flatMap((area) => area.cases);
const prefixes: Readonly<Record<string, string>> = {
  parser: "parse",
  server: "server",
  client: "client",
  proxy: "proxy",
};

describe("the cases", () => {
  it("have ids of their own", () => {
    const ids = cases.map(({ id }) => id);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
  });

  it("have ids of the form area/rule/slug, a permutation behind @, below their area", () => {
    for (const { name, cases: own } of AREAS) {
      const form = new RegExp(`^${prefixes[name]}/[a-z0-9-]+/[a-z0-9.-]+(@[a-z]+=[a-z0-9]+)*$`);
      expect(own.map(({ id }) => id).filter((id) => !form.test(id))).toEqual([]);
    }
  });

  it("are rules: one sentence in the present tense, without should", () => {
    const bad = cases.filter(({ rule }) => !/^[A-Z].*\.$/.test(rule) || /\bshould\b|\btests? that\b/i.test(rule));
    expect(bad.map(({ id, rule }) => `${id}: ${rule}`)).toEqual([]);
  });

  it("say how to repair, and why they bind: by a sentence at an address, or a reason", () => {
    const bad = cases.filter(({ specification, repair }) => {
      const { text, url } = groundsOf(specification);
      const isBound = url === undefined ? /\.$/.test(text) : URL.canParse(url) && !url.includes("undefined");
      return text.length < 20 || !isBound || !/\.$/.test(repair);
    });
    expect(bad.map(({ id }) => id)).toEqual([]);
  });

  it("are MUST by a sentence of a text, but those that bind where a client asks for them", () => {
    const must = cases.filter(
      ({ specification: { level }, needs }) => level === "MUST" && !needs?.includes("resilient"),
    );
    expect(must.filter(({ specification }) => "reason" in specification).map(({ id }) => id)).toEqual([]);
  });

  it("depend on cases that exist, and name a smoke case", () => {
    for (const { cases: own, smoke } of AREAS) {
      const ids = new Set(own.map(({ id }) => id));
      expect(ids).toContain(smoke);
      expect(own.flatMap(({ dependsOn = [] }) => dependsOn).filter((id) => !ids.has(id))).toEqual([]);
    }
  });

  it("name files of web-platform-tests that exist", () => {
    const named = new Set(cases.flatMap(({ wpt = [] }) => wpt.map(wptName)));
    expect([...named].filter((file) => !(file in WPT_FILES))).toEqual([]);
  });

  it("ask what each file of web-platform-tests asks that a library can show", () => {
    const named = new Set(cases.flatMap(({ wpt = [] }) => wpt.map(wptName)));
    const areas = new Set(AREAS.map(({ name }) => name));
    const due = Object.entries(WPT_FILES).filter(([, area]) => area !== "browser" && areas.has(area));
    expect(due.map(([file]) => file).filter((file) => !named.has(file))).toEqual([]);
  });
});
