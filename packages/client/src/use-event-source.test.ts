import { defineEvents } from "@ssekit/codec";
import { createElement, type ReactNode } from "react";
import { renderToString } from "react-dom/server";
import { describe, expect, expectTypeOf, it } from "vitest";
import { useEventSource } from "./use-event-source.ts";

// What it does in a page is shown in react.browser.test.ts.
describe("useEventSource", () => {
  it("connects to nothing on a server, for which a URL may be relative", () => {
    const fetch = (): never => {
      throw new Error("It connects");
    };
    const States = (): ReactNode => [
      useEventSource("/events", { fetch }).status,
      useEventSource(undefined, { fetch }).status,
    ];
    expect(renderToString(createElement(States)).replace("<!-- -->", " ")).toBe("connecting closed");
  });

  it("has the types of what the events are defined by", () => {
    const events = defineEvents<{ headline: { title: string }; tick: number }>();
    const Typed = (): ReactNode => {
      const { last } = useEventSource(undefined, {
        events,
        onEvent: (event) => event.type === "tick" && expectTypeOf(event.data).toEqualTypeOf<number>(),
      });
      expectTypeOf(last.tick?.data).toEqualTypeOf<number | undefined>();
      // @ts-expect-error it is not defined
      return last.other ?? last.headline?.data.title;
    };
    expect(renderToString(createElement(Typed))).toBe("");
  });
});
