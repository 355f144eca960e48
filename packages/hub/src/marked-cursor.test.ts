import { describe, expect, it } from "vitest";
import { dataOf, type Node, Nodes, typesOf } from "../test/nodes.ts";
import { type Copy, ScriptedStore } from "../test/scripted-store.ts";
import { resolveCursor } from "./cursor.ts";
import type { EventLog, Page } from "./event-log.ts";
import { keepMark, markLoss, withoutMark } from "./marked-cursor.ts";
import type { ScriptedSink } from "./scripted-sink.ts";

describe("a mark", () => {
  it("tells losses at one place apart, and comes off again", () => {
    const place = { n: 3, cursor: "#e-3-9" };
    const [one, other] = ["#e-4-9", "#e-5-9"].map((lost) => markLoss(place, lost));
    expect(one).toEqual({ n: 3, cursor: expect.stringMatching(/^#e-3-9~[0-9a-z]{1,7}$/) });
    expect(other?.cursor).not.toBe(one?.cursor);
    expect(withoutMark(one?.cursor ?? "")).toBe("#e-3-9");
    expect(withoutMark("#e-3-9")).toBe("#e-3-9");
    expect(keepMark(place, one?.cursor ?? "")).toEqual(one);
    expect(keepMark(place, "#e-3-9")).toEqual(place);
  });
});

// HUB A3: the store went back to an older copy, and only one of two nodes has heard of it.
describe("a reader that was told of a loss", () => {
  it("gets nothing once more at a node that holds what was lost", async () => {
    const { here, there, publish, goBack, turn, holdTail } = setUp();
    const first = await here.join("news");
    await there.join("other");
    await publish("lost");
    holdTail();
    await goBack();
    const again = await there.join("news", {}, { lastEventId: first.cursor });
    await publish("kept");
    expect([typesOf(first).at(1), dataOf(first)]).toEqual(["message", ["lost", "kept"]]);
    expect([typesOf(again), dataOf(again)]).toEqual([["ssekit.cursor"], []]);
    await turn(() => holdTail(false));
    expect([typesOf(again), dataOf(again)]).toEqual([["ssekit.cursor", "message"], ["kept"]]);
  });

  it("gets nothing once more that is on its way to a node", async () => {
    const { here, there, publish, goBack, turn, holdTail } = setUp();
    const first = await here.join("news");
    const unaware = await there.join("news");
    holdTail();
    await publish("lost");
    await goBack();
    const again = await there.join("news", {}, { lastEventId: first.cursor });
    await turn(() => holdTail(false));
    // Who had not had it is told of the loss after it.
    expect([typesOf(unaware), dataOf(unaware)]).toEqual([["ssekit.cursor", "message", "ssekit.gap"], ["lost"]]);
    expect([typesOf(again), dataOf(again)]).toEqual([["ssekit.cursor"], []]);
    await publish("kept");
    expect(dataOf(again)).toEqual(["kept"]);
  });

  it("is told once, however often it comes back before anything follows, and stays marked while it is blocked", async () => {
    const { here, there, publish, goBack, turn } = setUp();
    const first = await here.join("news");
    await publish("lost");
    await goBack();
    expect(here.hub.metrics()).toMatchObject({ connections: { live: 1, behind: 0 }, gaps: { ahead: 1 } });
    const blocked = await there.join("news", {}, { lastEventId: first.cursor, highWaterMark: 1 });
    expect([typesOf(blocked), blocked.cursor]).toEqual([["ssekit.cursor"], first.cursor]);
    blocked.block();
    for (const data of ["1", "2"]) await publish(data);
    blocked.leave();
    const again = await here.join("news", {}, { lastEventId: blocked.cursor });
    await turn();
    expect([...typesOf(again), ...dataOf(again)]).toEqual(["ssekit.cursor", "message", "message", "1", "2"]);
  });

  it("gets nothing once more after a second loss at the same place", async () => {
    const { here, there, publish, goBack, holdTail } = setUp();
    const first = await here.join("news");
    await there.join("other");
    await publish("lost");
    holdTail();
    await goBack();
    await publish("lost too");
    // It has the node read what comes after the place.
    const other = await there.join("news", {}, { lastEventId: markOf(first) });
    expect(dataOf(other)).toEqual(["lost too"]);
    await goBack();
    const again = await there.join("news", {}, { lastEventId: other.cursor });
    const twice = await there.join("news", {}, { lastEventId: again.cursor });
    expect([again, twice].map(typesOf)).toEqual([["ssekit.gap"], ["ssekit.cursor"]]);
  });

  it("gets nothing once more where the store goes back to the history that it had lost first", async () => {
    const { here, there, store, publish, goBack, holdTail } = setUp();
    const first = await here.join("news");
    await there.join("other");
    await publish("1");
    const copy = store.copy();
    await publish("2");
    holdTail();
    await goBack();
    await publish("other");
    await goBack(copy);
    expect(JSON.parse(first.events.at(-1)?.data ?? "")).toMatchObject({ reason: "rolled-back" });
    const again = await there.join("news", {}, { lastEventId: first.cursor });
    expect(typesOf(again)).toEqual(["ssekit.cursor"]);
  });

  it("is told what retention takes after that, whether it is away or not, and only if it was for it", async () => {
    const { here, publish, goBack } = setUp({ maxBytes: 600 });
    const topics = ["news", "quiet"];
    const stayed = await Promise.all(topics.map((topic) => here.join(topic)));
    await publish("lost");
    await goBack();
    const away = stayed.map(({ cursor }) => cursor);
    await publish("1", "2", "3", "4");
    const back = await Promise.all(
      away.map((lastEventId, index) => here.join(topics[index] ?? "", {}, { lastEventId })),
    );
    const gapsOf = ({ events }: ScriptedSink): string[] =>
      events.filter(({ type }) => type === "ssekit.gap").map(({ data }) => JSON.parse(data).reason);
    expect(stayed.map(gapsOf)).toEqual([["ahead", "overrun"], ["ahead"]]);
    expect(back.map(gapsOf)).toEqual([["expired"], []]);
  });
});

// Helpers

/** The cursor of the gap that it was told. */
function markOf({ events }: ScriptedSink): string {
  return events.find(({ type }) => type === "ssekit.gap")?.lastEventId ?? "no gap";
}

interface SetUp {
  /** Hears at once what the store does. */
  readonly here: Node;
  /** Hears nothing while its tail is held. */
  readonly there: Node;
  readonly store: ScriptedStore;
  /** Publishes to `news`, all in one turn. */
  publish(...events: readonly string[]): Promise<void>;
  /** The store holds what it held then, which is nothing by default. */
  goBack(copy?: Copy): Promise<void>;
  holdTail(isHeld?: boolean): void;
  turn(act?: () => void): Promise<void>;
}

function setUp({ maxBytes = 1e6 } = {}): SetUp {
  let now = 1000;
  const store = new ScriptedStore({ maxBytes, maxAge: 1e6, maxMarks: 100, clock: () => now, resolveCursor });
  const nothing = store.copy();
  let release = (): void => {};
  let held = Promise.resolve();
  const tail: EventLog["tail"] = async function* (after, signal): AsyncGenerator<Page> {
    for await (const page of store.tail(after, signal)) {
      await held;
      yield page;
    }
  };
  const nodes = new Nodes(1, { log: store });
  const [here] = nodes.nodes as [Node];
  return {
    here,
    there: nodes.start((log) => ({ ...log, tail })),
    store,
    publish: async (...events) => {
      await Promise.all(events.map((data) => here.hub.publish("news", { data })));
      await nodes.turn();
    },
    goBack: async (copy = nothing) => {
      now += 1;
      store.goBack(copy);
      await nodes.turn();
    },
    holdTail: (isHeld = true) => {
      if (!isHeld) return release();
      held = new Promise((resolve) => {
        release = resolve;
      });
    },
    turn: async (act = () => {}) => {
      act();
      await nodes.turn();
    },
  };
}
