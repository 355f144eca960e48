import { expect, expectTypeOf, test } from "vitest";
import { defineEvents } from "./define-events.ts";
import type { SchemaResult, StandardSchema } from "./standard-schema.ts";

function judge(value: unknown): SchemaResult<Date> {
  return typeof value === "string" ? { value: new Date(value) } : { issues: [{ message: "no string" }] };
}

function dateSchema(validate: StandardSchema<string, Date>["~standard"]["validate"]): StandardSchema<string, Date> {
  return { "~standard": { version: 1, vendor: "test", validate } };
}

const events = defineEvents({ now: dateSchema(judge), later: dateSchema(async (value) => judge(value)) });

test("a synchronous schema answers at once, an asynchronous one with a promise", async () => {
  expect(events.validate("now", "2026-01-01")).toEqual(new Date("2026-01-01"));
  const later = events.validate("later", "2026-01-01");
  expect(later).toBeInstanceOf(Promise);
  expect(await later).toEqual(new Date("2026-01-01"));
});

test("data that the schema refuses is an invalid event with the issues as its cause", async () => {
  const refused = { code: "invalid-event", cause: [{ message: "no string" }] };
  expect(() => events.validate("now", 1)).toThrow(expect.objectContaining(refused));
  await expect(events.validate("later", 1)).rejects.toMatchObject(refused);
});

test.each(["other", "toString", "__proto__"])("the event %s is not defined", (name) => {
  expect(() => events.validate(name as "now", "2026-01-01")).toThrow(
    expect.objectContaining({ code: "invalid-event" }),
  );
});

test("a type alone will do", () => {
  const typed = defineEvents<{ headline: { title: string } }>();
  expect(typed.validate("headline", { title: "Hello" })).toEqual({ title: "Hello" });
  expectTypeOf<NonNullable<typeof typed.inputs>["headline"]>().toEqualTypeOf<{ title: string }>();
});

test("the sender has the input's type, the reader the output's", () => {
  expectTypeOf<NonNullable<typeof events.inputs>["now"]>().toEqualTypeOf<string>();
  expectTypeOf(events.validate<"now">).returns.toEqualTypeOf<Date | Promise<Date>>();
});
