import type { ServerSentEvent } from "@ssekit/codec";
import { describe, expect, it } from "vitest";
import { dataOf, type Node, Nodes } from "../test/nodes.ts";

describe("Hub.publishAll()", () => {
  it("publishes all of a source whoever reads, ends the topic, and a reload gets it again (DESIGN 4.6)", async () => {
    const { hub, join } = setUp();
    expect(await hub.publishAll("a", events("1", "2"))).toBe("done");
    const reloaded = await join("a", { from: "start" });
    expect([dataOf(reloaded), reloaded.closeReason]).toEqual([["1", "2"], "end"]);
    await expect(hub.publish("a", { data: "3" })).rejects.toMatchObject({ code: "ended" });
  });

  it("takes a ReadableStream, and a function that opens a source", async () => {
    const { hub, join } = setUp();
    const stream = new ReadableStream<ServerSentEvent<unknown>>({
      start(controller) {
        controller.enqueue({ data: { n: 1 } });
        controller.close();
      },
    });
    expect(await hub.publishAll("a", stream)).toBe("done");
    expect(await hub.publishAll("b", () => events("2"))).toBe("done");
    expect(dataOf(await join(["a", "b"], { from: "start" }))).toEqual(['{"n":1}', "2"]);
  });

  it("stops when the topic is ended on another node, though the source stands still, and aborts its signal", async () => {
    const all = new Nodes(2);
    const [one, other] = all.nodes as [Node, Node];
    const source = new ControlledSource();
    const publishing = one.hub.publishAll("a", (signal) => source.open(signal));
    await all.turn();
    source.feed("1");
    await all.turn();
    await other.hub.end("a");
    await all.turn();
    expect([await publishing, source.left, source.signal?.aborted]).toEqual(["ended", true, true]);
  });

  it("stops at the next event when the end was not heard of", async () => {
    const { hub } = setUp();
    await hub.end("a");
    const source = new ControlledSource();
    const publishing = hub.publishAll("a", source.open());
    source.feed("late");
    expect([await publishing, source.left]).toEqual(["ended", true]);
  });

  it("is aborted by the caller's signal, before it begins and while the source stands still", async () => {
    const { hub } = setUp();
    const source = new ControlledSource();
    expect(await hub.publishAll("a", source.open(), { signal: AbortSignal.abort() })).toBe("aborted");
    const abort = new AbortController();
    const other = new ControlledSource();
    const publishing = hub.publishAll("b", other.open(), { signal: abort.signal });
    await Promise.resolve();
    abort.abort();
    expect([await publishing, source.left, other.left]).toEqual(["aborted", true, true]);
    for (const topic of ["a", "b"]) {
      await expect(hub.publish(topic, { data: "" })).rejects.toMatchObject({ code: "ended" });
    }
  });

  it("waits so long for readers and no longer, and a reader who comes starts the wait anew", async () => {
    const { hub, join, all } = setUp();
    const source = new ControlledSource();
    let outcome: string | undefined;
    void hub.publishAll("a", source.open(), { abandonAfter: 1000 }).then((how) => {
      outcome = how;
    });
    await all.pass(750);
    const reader = await join("a");
    await all.pass(5000);
    reader.leave();
    await all.pass(750);
    expect(outcome).toBeUndefined();
    await all.pass(2000);
    expect([outcome, source.left, all.clock.intervals]).toEqual(["abandoned", true, 0]);
    await expect(hub.publish("a", { data: "" })).rejects.toMatchObject({ code: "ended" });
  });

  it("rejects with what the source throws, and ends the topic all the same", async () => {
    const { hub, join } = setUp();
    async function* source(): AsyncGenerator<ServerSentEvent<unknown>> {
      yield { data: "1" };
      throw new Error("model");
    }
    const reader = await join("a");
    await expect(hub.publishAll("a", source())).rejects.toThrow("model");
    expect(dataOf(await join("a", { from: "start" }))).toEqual(["1"]);
    expect(reader.closeReason).toBe("end");
  });

  it("rejects with what an event is refused for, and leaves the source", async () => {
    const { hub } = setUp();
    const source = new ControlledSource();
    const publishing = hub.publishAll("a", source.open());
    source.feed({ event: "ssekit.cursor", data: "" });
    await expect(publishing).rejects.toThrow(TypeError);
    expect(source.left).toBe(true);
    await expect(hub.publishAll("b", 7 as never)).rejects.toThrow(TypeError);
    await expect(hub.publishAll("b", events(), { abandonAfter: 0 })).rejects.toThrow(RangeError);
  });

  it("ends its topics when the hub closes: what fed them is gone", async () => {
    const all = new Nodes(2);
    const [one, other] = all.nodes as [Node, Node];
    const source = new ControlledSource();
    const publishing = one.hub.publishAll("a", source.open());
    const reader = await other.join("a");
    await one.hub.close();
    await all.turn();
    expect([await publishing, reader.closeReason]).toEqual(["aborted", "end"]);
  });

  it("reports what leaving the source throws", async () => {
    const { hub, errors } = setUp();
    const source = new ControlledSource();
    source.onLeave = () => {
      throw new Error("leaving");
    };
    await hub.publishAll("a", source.open(), { signal: AbortSignal.abort() });
    await Promise.resolve();
    expect(errors).toEqual([new Error("leaving")]);
  });
});

// Helpers

function setUp(): Node & { all: Nodes } {
  const all = new Nodes();
  return { ...(all.nodes[0] as Node), all };
}

async function* events(...data: string[]): AsyncGenerator<ServerSentEvent<unknown>> {
  for (const one of data) yield { data: one };
}

/** A source that gives what it is fed, and says whether it was left. */
class ControlledSource {
  left = false;
  signal: AbortSignal | undefined;
  onLeave: () => void = () => {};
  readonly #waiting: ((step: IteratorResult<ServerSentEvent<unknown>>) => void)[] = [];
  readonly #fed: ServerSentEvent<unknown>[] = [];

  open(signal?: AbortSignal): AsyncIterable<ServerSentEvent<unknown>> {
    this.signal = signal;
    return {
      [Symbol.asyncIterator]: () => ({
        next: () =>
          new Promise((resolve) => {
            const value = this.#fed.shift();
            if (value === undefined) this.#waiting.push(resolve);
            else resolve({ done: false, value });
          }),
        return: async () => {
          this.left = true;
          this.onLeave();
          return { done: true as const, value: undefined };
        },
      }),
    };
  }

  feed(given: string | ServerSentEvent<unknown>): void {
    const value = typeof given === "string" ? { data: given } : given;
    const waiting = this.#waiting.shift();
    if (waiting === undefined) this.#fed.push(value);
    else waiting({ done: false, value });
  }
}
