import { describe, expect, it } from "vitest";
import { turn } from "../test/scripts.ts";
import { DEFAULT_RECONNECTION_TIME, EventSource } from "./event-source.ts";
import { fromReadableStream, type StreamEventSource } from "./from-readable-stream.ts";

const encoder = new TextEncoder();

describe("fromReadableStream()", () => {
  it("gives an EventSource that is CONNECTING, at about:event-stream (RULES A47)", () => {
    const source = fromReadableStream(streamOf());
    expect(source).toBeInstanceOf(EventSource);
    const { url, withCredentials, readyState, lastEventId, reconnectionTime } = source;
    source.close();
    expect([url, withCredentials, readyState, lastEventId]).toEqual(["about:event-stream", false, 0, ""]);
    expect([reconnectionTime, source.readyState]).toEqual([DEFAULT_RECONNECTION_TIME, 2]);
  });

  it("throws a TypeError for a stream that is locked (RULES A47)", () => {
    const stream = streamOf();
    stream.getReader();
    expect(() => fromReadableStream(stream)).toThrow(TypeError);
  });

  it("locks the stream at once, and cancels it by close() (RULES A47)", async () => {
    let cancelled = false;
    const stream = new ReadableStream({
      cancel() {
        cancelled = true;
      },
    });
    const source = fromReadableStream(stream);
    expect(stream.locked).toBe(true);
    source.close();
    await turn();
    expect(cancelled).toBe(true);
  });

  it("opens, gives the events with the origin null, and ends with one error, CLOSED for good (RULES A47)", async () => {
    const source = fromReadableStream(
      streamOf("\ufeff:c\nid: 1\nda", "ta: a\r\n\r\nevent: b\rdata: c\r\r", "data: cut off\n"),
    );
    expect(await all(source)).toEqual([
      ["open", 1, undefined, undefined, undefined],
      ["message", 1, "a", "1", "null"],
      ["b", 1, "c", "1", "null"],
      ["error", 2, undefined, undefined, undefined],
    ]);
  });

  it("ends the same way when the stream fails, at its start too (RULES A47)", async () => {
    const failing = new ReadableStream({
      start(controller) {
        controller.error(new Error("It breaks off"));
      },
    });
    expect((await all(fromReadableStream(failing))).map(([type, state]) => [type, state])).toEqual([
      ["open", 1],
      ["error", 2],
    ]);
  });

  it("says which last event ID and reconnection time the stream has set (RULES A47)", async () => {
    const source = fromReadableStream(
      streamOf("retry: 5000\nretry: bogus\nid: 42\ndata: a\n\nid: 43\n\nid: 44\ndata: cut off"),
    );
    await all(source);
    expect([source.lastEventId, source.reconnectionTime]).toEqual(["43", 5000]);
  });

  it("dispatches nothing more once it is closed in a handler (RULES A47)", async () => {
    const source = fromReadableStream(streamOf("data: a\n\ndata: b\n\n"));
    const got: string[] = [];
    await new Promise<void>((resolve) => {
      source.onmessage = ({ data }) => {
        got.push(data);
        source.close();
        resolve();
      };
      source.onerror = () => got.push("error");
    });
    for (let i = 0; i < 5; i++) await turn();
    expect(got).toEqual(["a"]);
  });

  it("reads the next chunk when all of the one before is dispatched, and ends in a task of its own (RULES A47)", async () => {
    let pulls = 0;
    const stream = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          pulls++;
          if (pulls < 3) controller.enqueue(encoder.encode("data: a\n\ndata: b\n\n"));
          else controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const source = fromReadableStream(stream);
    const seen: number[] = [];
    source.onmessage = () => seen.push(pulls);
    await new Promise((resolve) => {
      source.onerror = resolve;
    });
    expect(seen).toEqual([1, 1, 2, 2]);
    const empty = fromReadableStream(streamOf());
    const state = await new Promise((resolve) => {
      empty.onopen = async () => {
        for (let i = 0; i < 20; i++) await undefined;
        resolve(empty.readyState);
      };
    });
    expect(state).toBe(EventSource.OPEN);
  });

  it("reads one response after another, where reset() drops what the one before left (RULES A47)", async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const source = fromReadableStream(readable);
    const seen = all(source);
    await streamOf("id: 7\ndata: a\n\nevent: b\ndata: cut").pipeTo(writable, { preventClose: true });
    expect(source.lastEventId).toBe("7");
    source.reset();
    await streamOf("\ufeffdata: c\n\n").pipeTo(writable);
    expect((await seen).slice(1, -1)).toEqual([
      ["message", 1, "a", "7", "null"],
      ["message", 1, "c", "7", "null"],
    ]);
  });
});

function streamOf(...chunks: string[]): ReadableStream<Uint8Array<ArrayBuffer>> {
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(encoder.encode(chunk));
      controller.close();
    },
  });
}

/** All that a source fires until it is over: type, state, data, last event ID, origin. */
async function all(source: StreamEventSource): Promise<unknown[][]> {
  const seen: unknown[][] = [];
  await new Promise<void>((resolve) => {
    for (const type of ["open", "message", "b", "error"]) {
      source.addEventListener(type, (event) => {
        const { data, lastEventId, origin } = event as MessageEvent;
        seen.push([event.type, source.readyState, data, lastEventId, origin]);
        if (source.readyState === 2) resolve();
      });
    }
  });
  return seen;
}
