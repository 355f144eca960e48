import { describe, expect, it } from "vitest";
import { fillRequest, parseRequestTemplate } from "./publish-template.ts";

function fill(text: string, event: Parameters<typeof fillRequest>[1]) {
  const template = parseRequestTemplate(text);
  if (template === undefined) throw new Error(`no template: ${text}`);
  const { method, url, fields, body } = fillRequest({ ...template, fields: [] }, event);
  return { method, url: url.href, type: fields[0]?.[1], body };
}

describe("fillRequest()", () => {
  it("writes strings into JSON with their quotes, and retry as a number", () => {
    const filled = fill('POST http://h/p {"d": {{data}}, "r": {{retry}}}', { data: 'a"\n', retry: 5 });
    expect(filled).toEqual({
      method: "POST",
      url: "http://h/p",
      type: "application/json",
      body: JSON.stringify({ d: 'a"\n', r: 5 }),
    });
  });

  it("leaves out a JSON member or form field whose placeholder has no value", () => {
    expect(fill('POST http://h/ {"d": {{data}}, "id": {{id}}}', { data: "x" }).body).toBe('{"d":"x"}');
    expect(fill("POST http://h/ data={{data}}&id={{id}}&topic=t", { data: "x" }).body).toBe("data=x&topic=t");
  });

  it("percent-encodes what stands in a form or a query", () => {
    const filled = fill("POST http://h/?e={{event}} data={{data}}", { data: "a&b=c d\n", event: "é" });
    expect(filled).toMatchObject({ url: "http://h/?e=%C3%A9", body: "data=a%26b%3Dc+d%0A" });
  });

  it("says what is wrong with a template that is no JSON", () => {
    expect(() => fill('POST http://h/ {"d": "{{data}}', { data: "x" })).toThrow("Cannot publish by");
  });

  it("takes no text for a request that does not begin as one", () => {
    expect(parseRequestTemplate("npm run publish")).toBeUndefined();
  });
});
