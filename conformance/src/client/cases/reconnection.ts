import { type ClientCase, clientCase } from "../client-case.ts";
import { standard } from "../client-standard.ts";
import { QUICK_RETRY } from "../tried-client.ts";

/** RULES A7, A12 to A19, A25: the connection is reestablished. */
export const reconnectionCases: readonly ClientCase[] = [
  clientCase({
    id: "client/reconnection/after-the-end",
    rule: "The end of a stream is followed by a new request.",
    standard: standard.endOfBody,
    repair: "Reestablish the connection when the body ends.",
    wpt: ["eventsource-reconnect.window.js"],
    launchDarkly: ["reconnection/new connection works"],
    async run({ start }) {
      const client = await start();
      const first = await client.stream();
      first.write(`${QUICK_RETRY}data: a\n\n`);
      await client.events({ data: "a" });
      (await client.reconnection(first)).head().write("data: b\n\n");
      await client.events({ data: "b" });
    },
  }),
  clientCase({
    id: "client/reconnection/again-and-again",
    rule: "It is reestablished as often as it ends.",
    standard: standard.again,
    repair: "Handle the response to a reconnection as the first one, its end too.",
    async run({ start }) {
      const client = await start();
      let exchange = await client.stream();
      for (const data of ["a", "b", "c", "d"]) {
        exchange.write(`${QUICK_RETRY}data: ${data}\n\n`);
        await client.events({ data });
        exchange = (await client.reconnection(exchange)).head();
      }
    },
  }),
  clientCase({
    id: "client/reconnection/after-a-broken-body",
    rule: "A connection that breaks off while it is read is reestablished.",
    standard: standard.endOfBody,
    repair: "Treat an error while reading the body as its end.",
    async run({ start }) {
      const client = await start();
      const first = await client.stream();
      first.write(`${QUICK_RETRY}data: a\n\n`);
      await client.events({ data: "a" });
      const next = await client.reconnection(first, { broken: true });
      next.head().write("data: b\n\n");
      await client.events({ data: "b" });
    },
  }),
  clientCase({
    id: "client/reconnection/after-a-broken-request",
    rule: "An attempt that a network error ends is followed by another.",
    standard: standard.networkError,
    repair: "Reestablish the connection when a request fails on the network, the second one too.",
    async run({ start }) {
      const client = await start();
      const second = await client.reconnection((await client.stream()).write(QUICK_RETRY));
      const third = await client.reconnection(second, { broken: true });
      third.head().write("data: b\n\n");
      await client.events({ data: "b" });
    },
  }),
  clientCase({
    id: "client/reconnection/error-while-connecting",
    rule: "The event error is fired when a stream ends, with readyState CONNECTING, and open when the next one begins.",
    standard: standard.reestablishState,
    repair: "Set readyState to CONNECTING, then fire error, before the wait begins.",
    needs: ["ready-state", "open-events"],
    wpt: ["eventsource-reconnect.window.js", "eventsource-close.window.js"],
    async run({ start }) {
      const client = await start();
      const first = (await client.stream()).write(QUICK_RETRY);
      client.expectReadyState(await client.next("open"), 1);
      (await client.reconnection(first)).head().write(QUICK_RETRY);
      client.expectReadyState(await client.next("open", "open of the second connection"), 1);
      const kinds = client.messages.map(({ kind, readyState }) => `${kind} ${readyState}`).join(", ");
      const expected = "open 1, error 0, open 1";
      client.expect(kinds === expected, "What was fired is another", { expected, actual: kinds });
    },
  }),
  clientCase({
    id: "client/reconnection/event-type-is-forgotten",
    rule: "The type of a block that the end cut off is not that of the next stream's event.",
    standard: standard.buffers,
    repair: "Begin each connection with an event type buffer that is empty.",
    async run({ start }) {
      const client = await start();
      await client.listen("left");
      const first = await client.stream();
      first.write(`${QUICK_RETRY}event: left\n`);
      (await client.reconnection(first)).head().write("data: b\n\n");
      await client.events({ data: "b" });
    },
  }),
  clientCase({
    id: "client/reconnection/data-is-forgotten",
    rule: "The data of a block that the end cut off is not in the next stream's event.",
    standard: standard.buffers,
    repair: "Begin each connection with a data buffer that is empty.",
    launchDarkly: ["reconnection/discards partial message when retrying"],
    async run({ start }) {
      const client = await start();
      const first = await client.stream();
      first.write(`${QUICK_RETRY}data: left\n`);
      (await client.reconnection(first)).head().write("data: b\n\n");
      await client.events({ data: "b" });
    },
  }),
  clientCase({
    id: "client/reconnection/partial-line-is-forgotten",
    rule: "A line that the end cut off is not the beginning of the next stream's first line.",
    standard: standard.endOfFile,
    repair: "Begin each connection without bytes of the one before it.",
    async run({ start }) {
      const client = await start();
      const first = await client.stream();
      first.write(`${QUICK_RETRY}data: left\ndat`);
      (await client.reconnection(first)).head().write("a: x\ndata: b\n\n");
      await client.events({ data: "b" });
    },
  }),
  clientCase({
    id: "client/reconnection/bom-again",
    rule: "The BOM of each connection is removed, not that of the first alone.",
    standard: standard.byteOrderMark,
    repair: "Begin each connection with a decoder of its own.",
    needs: ["bom"],
    async run({ start }) {
      const client = await start();
      const first = await client.stream();
      first.write(`\ufeff${QUICK_RETRY}`);
      (await client.reconnection(first)).head().write("\ufeffdata: b\n\n");
      await client.events({ data: "b" });
    },
  }),
];
