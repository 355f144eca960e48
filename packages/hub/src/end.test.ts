import { describe, expect, it } from "vitest";
import { dataOf, methodsOf, Nodes, typesOf } from "../test/nodes.ts";
import { ScriptedSink } from "./scripted-sink.ts";

describe("Hub.end()", () => {
  it("closes the topic's streams with reason end after their last event, on every node (DESIGN 4.6)", async () => {
    const all = new Nodes(2);
    const [one, other] = all.nodes as [(typeof all.nodes)[0], (typeof all.nodes)[0]];
    const sinks = [await one.join("answer"), await other.join("answer")];
    await one.hub.publish("answer", { data: "last" });
    await other.hub.end("answer");
    await all.turn();
    expect(sinks.map((sink) => [dataOf(sink), sink.closeReason])).toEqual([
      [["last"], "end"],
      [["last"], "end"],
    ]);
    expect([one.hub.count(), other.hub.count()]).toEqual([0, 0]);
  });

  it("moves readers to the end, also those who lose id-only blocks, and answers who comes back with it 204", async () => {
    const all = new Nodes(2);
    const [one, other] = all.nodes as [(typeof all.nodes)[0], (typeof all.nodes)[0]];
    const sink = await one.join("answer", {}, { dropsIdOnlyBlocks: true });
    await one.hub.publish("answer", { data: "last" });
    const end = await one.hub.end("answer");
    await all.turn();
    expect(sink.cursor).toBe(end);
    const back = await other.join("answer", {}, { lastEventId: sink.cursor });
    expect([back.head, back.writes.length, other.hub.count()]).toEqual([204, 0, 0]);
  });

  it("answers 204 only where nothing of any topic can come: not before the end, nor with a pattern, nor after a gap", async () => {
    const all = new Nodes();
    const { hub, join } = all.nodes[0] as (typeof all.nodes)[0];
    const before = await hub.publish("answer", { data: "last" });
    const end = await hub.end("answer");
    await hub.publish("other", { data: "x" });
    const headOf = async (...given: Parameters<typeof join>): Promise<unknown> => (await join(...given)).head;
    expect(await headOf("answer", {}, { lastEventId: end })).toBe(204);
    expect(await headOf("answer")).toBe(204);
    expect(await headOf("answer", {}, { lastEventId: before })).toBe("open");
    expect(await headOf(["answer", "other"], {}, { lastEventId: end })).toBe("open");
    expect(await headOf([{ pattern: "/answer" }], {}, { lastEventId: end })).toBe("open");
    expect(await headOf("answer", { user: "ann" }, { lastEventId: end })).toBe("open");
    const lost = await join("answer", {}, { lastEventId: "#other-1-1" });
    expect([lost.head, typesOf(lost), lost.closeReason]).toEqual(["open", ["ssekit.gap"], "end"]);
    const replayed = await join("answer", { from: "start" });
    expect([dataOf(replayed), replayed.closeReason]).toEqual([["last"], "end"]);
  });

  it("closes at once where the head has left and no status can be given", async () => {
    const all = new Nodes();
    const { hub } = all.nodes[0] as (typeof all.nodes)[0];
    const end = await hub.end("answer");
    const sink = new ScriptedSink();
    sink.open();
    await hub.subscribe(sink, "answer");
    expect([sink.head, sink.cursor, sink.closeReason]).toEqual(["open", end, "end"]);
  });

  it("keeps a stream open until all its topics have ended, whenever they did", async () => {
    const all = new Nodes();
    const { hub, join } = all.nodes[0] as (typeof all.nodes)[0];
    await hub.end("a");
    const sink = await join(["a", "b", "c"]);
    await hub.end(["a", "b"]);
    await all.turn();
    expect([sink.closeReason, sink.beat()]).toEqual([undefined, undefined]);
    await hub.end("c");
    await all.turn();
    expect(sink.closeReason).toBe("end");
  });

  it("reaches a blocked reader after what it owes", async () => {
    const all = new Nodes(1, { windowBytes: 1 });
    const { hub, join } = all.nodes[0] as (typeof all.nodes)[0];
    const sink = await join("a", {}, { highWaterMark: 1 });
    sink.block();
    for (const data of ["1", "2", "3"]) {
      await hub.publish("a", { data });
      await all.turn();
    }
    await hub.end("a");
    await all.turn();
    expect(sink.closeReason).toBeUndefined();
    sink.unblock();
    await all.turn();
    expect([dataOf(sink), sink.closeReason]).toEqual([["1", "2", "3"], "end"]);
  });

  it("refuses what comes later, on every node, and does nothing when repeated", async () => {
    const all = new Nodes(2);
    const [one, other] = all.nodes as [(typeof all.nodes)[0], (typeof all.nodes)[0]];
    const end = await one.hub.end("a");
    await expect(other.hub.publish(["b", "a"], { data: "late" })).rejects.toMatchObject({ code: "ended" });
    expect(await other.hub.end("a")).toBe(end);
    expect(await one.hub.cursor()).toBe(end);
  });

  it("ends a user's own events too", async () => {
    const all = new Nodes();
    const { hub, join } = all.nodes[0] as (typeof all.nodes)[0];
    const [ann, bob] = [await join([], { user: "ann" }), await join([], { user: "bob" })];
    await hub.end({ user: "ann" });
    await all.turn();
    expect([ann.closeReason, bob.closeReason]).toEqual(["end", undefined]);
  });

  it("closes the sink and rejects when the log can't say what has ended", async () => {
    const all = new Nodes();
    const away = (): Promise<never> => Promise.reject(new Error("away"));
    const { hub } = all.start((log) => ({ ...methodsOf(log), ends: away }));
    const sink = new ScriptedSink();
    await expect(hub.subscribe(sink, "a")).rejects.toThrow("away");
    expect(sink.closeReason).toBe("error");
  });
});
