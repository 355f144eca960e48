import { describe, expect, it } from "vitest";
import { createHub } from "./create-hub.ts";
import { ScriptedSink } from "./scripted-sink.ts";

const turn = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe("createHub()", () => {
  it("delivers what is published to a topic", async () => {
    const hub = createHub();
    const sink = new ScriptedSink();
    await hub.subscribe(sink, "news");
    const id = await hub.publish("news", { data: { a: 1 } });
    await hub.publish("other", { data: "no" });
    await turn();
    expect(sink.text).toContain(`data: {"a":1}\nid: ${id}\n\n`);
    expect(sink.writes.length).toBe(2);
    expect(sink.text).not.toContain("no");
    sink.beat();
    sink.block();
    await hub.publish("news", { data: "x".repeat(10) });
    await hub.publish("news", { data: "y".repeat(10) });
    await turn();
    expect(sink.writes.length).toBe(3);
    sink.unblock();
    await turn();
    expect(sink.writes.length).toBe(4);
    const back = new ScriptedSink({ lastEventId: id });
    await hub.subscribe(back, ["news", "z"]);
    await turn();
    expect(back.text.match(/data: (x+|y+)/g)).toEqual(["data: xxxxxxxxxx", "data: yyyyyyyyyy"]);
    expect([hub.count(), hub.count("news"), hub.count({ user: "ann" })]).toEqual([2, 2, 0]);
    await hub.close();
  });
});
