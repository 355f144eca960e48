import { type ClientCase, clientCase } from "../client-case.ts";
import { standard } from "../client-standard.ts";
import { QUICK_RETRY } from "../tried-client.ts";

/** RULES A6, A17, A41: close(). */
export const closeCases: readonly ClientCase[] = [
  clientCase({
    id: "client/close/closes-the-connection",
    rule: "Calling close() ends the connection.",
    standard: standard.close,
    repair: "Abort the request in close(), with the body that is being read.",
    needs: ["close"],
    async run({ start }) {
      const client = await start();
      const exchange = await client.stream();
      exchange.write("data: a\n\n");
      await client.events({ data: "a" });
      await client.close();
      await client.until(exchange.closed, "the end of the connection");
    },
  }),
  clientCase({
    id: "client/close/before-the-head",
    rule: "Calling close() while the response is awaited ends the request and fires nothing.",
    standard: standard.close,
    repair: "Abort the request in close(), and look at readyState when its response is there.",
    needs: ["close"],
    async run({ start }) {
      const client = await start();
      const exchange = await client.request();
      await client.close();
      await client.until(exchange.closed, "the end of the connection");
      await client.staysQuiet("after close()");
    },
  }),
  clientCase({
    id: "client/close/rest-of-the-chunk",
    rule: "After close() in a listener, later events of the same chunk are not dispatched.",
    standard: standard.dispatchUnlessClosed,
    repair: "Look at readyState before each event is dispatched.",
    needs: ["close"],
    async run({ start }) {
      const client = await start({ closeAt: { kind: "event", nth: 1 } });
      (await client.stream()).write("data: a\n\ndata: b\n\ndata: c\n\n");
      await client.events({ data: "a" });
      await client.staysQuiet("after close()");
    },
  }),
  clientCase({
    id: "client/close/in-open",
    rule: "After close() in a listener of open no event is dispatched.",
    standard: standard.dispatchUnlessClosed,
    repair: "Look at readyState before each event is dispatched.",
    needs: ["close", "open-events"],
    async run({ start }) {
      const client = await start({ closeAt: { kind: "open", nth: 1 } });
      (await client.stream()).write("data: a\n\ndata: b\n\n");
      await client.next("open");
      await client.staysQuiet("after close() in a listener of open");
    },
  }),
  clientCase({
    id: "client/close/in-error",
    rule: "Calling close() in a listener of error stops the reconnection.",
    standard: standard.reestablishClosed,
    repair: "Look at readyState after error was fired, and after the wait.",
    needs: ["close", "ready-state"],
    async run({ start }) {
      const client = await start({ closeAt: { kind: "error", nth: 1 } });
      (await client.stream()).write(QUICK_RETRY).end();
      await client.next("error");
      await client.staysQuiet("after close() in a listener of error");
    },
  }),
  clientCase({
    id: "client/close/while-it-waits",
    rule: "Calling close() during the wait stops the reconnection.",
    standard: standard.reestablishClosed,
    repair: "Cancel the timer of the reconnection in close().",
    needs: ["close", "ready-state", "retry"],
    async run({ start }) {
      const client = await start();
      (await client.stream()).write("retry: 1000\n\n").end();
      await client.next("error");
      await client.close();
      await client.sendsNothing(2_500, "it was closed");
    },
  }),
  clientCase({
    id: "client/close/fires-nothing",
    rule: "Calling close() fires no event.",
    standard: standard.close,
    repair: "Take the error of an aborted request for what it is.",
    needs: ["close", "ready-state"],
    async run({ start }) {
      const client = await start();
      const exchange = await client.stream();
      exchange.write("data: a\n\n");
      await client.events({ data: "a" });
      await client.close();
      exchange.write("data: b\n\n");
      await client.staysQuiet("after close()");
    },
  }),
];
