import type { ServerSentEvent } from "@ssekit/codec";
import { describe, expect, it } from "vitest";
import { afterTurn } from "./after-turn.ts";
import type { EventStream } from "./event-stream.ts";
import { eventStreamResponse } from "./event-stream-response.ts";
import { VirtualClock } from "./testing/virtual-clock.ts";

const get = (init?: RequestInit): Request => new Request("http://localhost/events", init);
const turnEnd = (): Promise<void> => new Promise((resolve) => afterTurn(resolve));

/** A response, its stream and the reader of its body. */
async function respond(request: Request = get(), init = {}) {
  let stream!: EventStream;
  const body = (opened: EventStream): void => {
    stream = opened;
  };
  const response = await eventStreamResponse(request, body, init);
  const reader = (response.body as ReadableStream<Uint8Array>).getReader();
  const read = async (): Promise<string> => new TextDecoder().decode((await reader.read()).value);
  return { response, stream, reader, read };
}

describe("eventStreamResponse() with a callback", () => {
  it("gives the head and the first bytes, then what is sent, a chunk a turn (RULES B9, B12)", async () => {
    const { response, stream, read, reader } = await respond(get(), { headers: { "x-a": "1" }, retry: 500 });
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toEqual({
      "content-type": "text/event-stream",
      "cache-control": "no-cache, no-transform",
      "x-accel-buffering": "no",
      "x-a": "1",
    });
    expect(await read()).toBe(": \nretry: 500\n\n");
    stream.send({ data: "a" });
    stream.send({ data: "b" });
    expect(await read()).toBe("data: a\n\ndata: b\n\n");
    stream.close();
    expect((await reader.read()).done).toBe(true);
    expect(await stream.closed).toBe("server");
  });

  it("stays open after an async callback has returned", async () => {
    const response = await eventStreamResponse(get(), async (stream) => {
      await turnEnd();
      stream.send({ data: "later" });
      void turnEnd().then(() => stream.close());
    });
    expect(await response.text()).toBe(": \n\ndata: later\n\n");
  });

  it("closes as client when the body is cancelled (RULES B18)", async () => {
    const { stream, reader } = await respond();
    await reader.cancel();
    expect(await stream.closed).toBe("client");
    stream.send({ data: "a" });
    await turnEnd();
  });

  it("closes as client when the body is cancelled, where the request has no signal (RULES B18)", async () => {
    const { method, url, headers } = get();
    const opened: EventStream[] = [];
    const response = await eventStreamResponse({ method, url, headers }, (stream) => void opened.push(stream));
    await response.body?.cancel();
    expect(await opened[0]?.closed).toBe("client");
  });

  it("closes as client when the request is aborted, and ends the body (RULES B18)", async () => {
    const abort = new AbortController();
    const { stream, read, reader } = await respond(get({ signal: abort.signal }));
    await read();
    abort.abort();
    expect(await stream.closed).toBe("client");
    expect((await reader.read()).done).toBe(true);
  });

  it("calls nothing for a request that was aborted before, and still gives a response (RULES B17)", async () => {
    const response = await eventStreamResponse(get({ signal: AbortSignal.abort() }), () => expect.unreachable());
    expect(await response.text()).toBe("");
  });

  it("gives a response when the request is aborted while the head is held", async () => {
    const abort = new AbortController();
    const response = eventStreamResponse(get({ signal: abort.signal }), (stream) => stream.hold());
    await turnEnd();
    abort.abort();
    expect(await (await response).text()).toBe("");
  });

  it("leaves no listener on the signal of a request that is over", async () => {
    const { stream, reader } = await respond();
    const counted = new CountingSignal();
    const other = await respond(Object.defineProperty(get(), "signal", { value: counted.signal }));
    expect(counted.listeners).toBe(1);
    other.stream.close();
    expect(counted.listeners).toBe(0);
    stream.close();
    await reader.cancel();
  });

  it("holds, opens and refuses (RULES B14)", async () => {
    const refused = await eventStreamResponse(get(), async (stream) => {
      stream.hold();
      await turnEnd();
      stream.refuse(204);
    });
    expect(refused.status).toBe(204);
    expect(refused.body).toBeNull();

    const opened = await eventStreamResponse(get(), async (stream) => {
      stream.hold();
      await turnEnd();
      stream.open();
      stream.close();
    });
    expect(opened.status).toBe(200);
    expect(await opened.text()).toBe(": \n\n");
  });

  it("answers HEAD and 406 without calling it (RULES B13, B15)", async () => {
    const unreachable = (): void => expect.unreachable();
    const head = await eventStreamResponse(get({ method: "HEAD" }), unreachable);
    expect(head.status).toBe(200);
    expect(head.headers.get("content-type")).toBe("text/event-stream");
    expect(head.body).toBeNull();
    const refused = await eventStreamResponse(get({ headers: { accept: "text/html" } }), unreachable);
    expect(refused.status).toBe(406);
    expect(refused.body).toBeNull();
  });

  it("is true to its reader about backpressure", async () => {
    const { stream, read } = await respond();
    await read();
    const { desiredSize } = stream;
    stream.send({ data: "x".repeat(desiredSize) });
    await turnEnd();
    expect(stream.desiredSize).toBeLessThanOrEqual(0);
    const { ready } = stream;
    await read();
    await ready;
    expect(stream.desiredSize).toBe(desiredSize);
    stream.close();
  });

  it("counts only what its reader has not asked for, and ends after all of it", async () => {
    const { stream, read, reader } = await respond();
    await read();
    const { desiredSize } = stream;
    const asked = read();
    for (const data of ["a", "b", "c"]) {
      stream.send({ data });
      await turnEnd();
    }
    expect(await asked).toBe("data: a\n\n");
    expect(stream.desiredSize).toBe(desiredSize - "data: b\n\ndata: c\n\n".length);
    stream.close();
    await turnEnd();
    expect(await read()).toBe("data: b\n\n");
    expect(await read()).toBe("data: c\n\n");
    expect((await reader.read()).done).toBe(true);
  });

  it("drops what its reader did not take, when it is too much", async () => {
    const { stream, reader } = await respond(get(), { maxBufferedBytes: 100 });
    stream.send({ data: "x".repeat(200) });
    await turnEnd();
    stream.send({ data: "y" });
    expect(await stream.closed).toBe("overflow");
    await expect(reader.read()).rejects.toMatchObject({ code: "closed" });
  });

  it("rejects with what the callback throws before the head has left", async () => {
    const thrown = eventStreamResponse(get(), () => {
      throw new Error("at once");
    });
    await expect(thrown).rejects.toThrow("at once");
    const rejected = eventStreamResponse(get(), async (stream) => {
      stream.hold();
      await turnEnd();
      throw new Error("while held");
    });
    await expect(rejected).rejects.toThrow("while held");
  });

  it("reports what the callback throws later, and tells the reader nothing (RULES B22, B24)", async () => {
    const errors: unknown[] = [];
    const onError = (error: unknown): void => void errors.push(error);
    let stream!: EventStream;
    const response = await eventStreamResponse(
      get(),
      async (opened) => {
        stream = opened;
        await turnEnd();
        throw new Error("secret");
      },
      { onError },
    );
    expect(await response.text()).toBe(": \n\n");
    expect(await stream.closed).toBe("error");
    expect(errors).toMatchObject([{ message: "secret" }]);
  });

  it("rejects when an option is wrong", async () => {
    await expect(eventStreamResponse(get(), () => {}, { heartbeat: -1 })).rejects.toThrow(RangeError);
  });
});

describe("eventStreamResponse() with a source", () => {
  async function* count(): AsyncGenerator<ServerSentEvent<unknown>> {
    yield { data: 1 };
    await turnEnd();
    yield { data: 2 };
  }

  it("sends an iterable and ends with it", async () => {
    const response = await eventStreamResponse(get(), count());
    expect(await response.text()).toBe(": \n\ndata: 1\n\ndata: 2\n\n");
  });

  it("sends a ReadableStream and ends with it", async () => {
    const source = new ReadableStream<ServerSentEvent>({
      start(controller) {
        controller.enqueue({ data: "a" });
        controller.close();
      },
    });
    const response = await eventStreamResponse(get(), source);
    expect(await response.text()).toBe(": \n\ndata: a\n\n");
  });

  it("cancels the source when the reader goes", async () => {
    const cancelled = new Promise<void>((resolve) => {
      const source = new ReadableStream<ServerSentEvent>({ cancel: () => resolve() });
      void eventStreamResponse(get(), source).then((response) => response.body?.cancel());
    });
    await cancelled;
  });

  it("cancels the source of a request that gets no stream (RULES B13)", async () => {
    const cancelled = new Promise<void>((resolve) => {
      const source = new ReadableStream<ServerSentEvent>({ cancel: () => resolve() });
      void eventStreamResponse(get({ method: "HEAD" }), source);
    });
    await cancelled;
  });

  it("rejects with what the source throws before the head has left", async () => {
    // biome-ignore lint/correctness/useYield: it throws before it could
    async function* broken(): AsyncGenerator<ServerSentEvent> {
      throw new Error("at once");
    }
    await expect(eventStreamResponse(get(), broken())).rejects.toThrow("at once");
  });

  it.each([undefined, "text"])("rejects %s, which gives no events", async (body) => {
    await expect(eventStreamResponse(get(), body as never)).rejects.toThrow(TypeError);
  });
});

/** A signal that counts its listeners. */
class CountingSignal {
  listeners = 0;
  readonly signal: AbortSignal = new AbortController().signal;

  constructor() {
    const { signal } = this;
    const add = signal.addEventListener.bind(signal);
    const remove = signal.removeEventListener.bind(signal);
    signal.addEventListener = (...args: Parameters<typeof add>) => {
      this.listeners += 1;
      add(...args);
    };
    signal.removeEventListener = (...args: Parameters<typeof remove>) => {
      this.listeners -= 1;
      remove(...args);
    };
  }
}

describe("a response that nobody reads", () => {
  it.each(["while the stream is open", "after close()"])("is dropped %s", async (when) => {
    const clock = new VirtualClock();
    const answer = eventStreamResponse(
      get(),
      (stream) => {
        stream.send({ data: "x".repeat(100_000) });
        if (when === "after close()") stream.close();
      },
      { clock, heartbeat: false, stallTimeout: 1_000 },
    );
    clock.endTurn();
    const response = await answer;
    clock.advance(1_300);
    await expect(response.text()).rejects.toMatchObject({ code: "closed" });
    expect(clock.intervals).toBe(0);
  });

  it("is not one that was closed and read", async () => {
    const clock = new VirtualClock();
    const answer = eventStreamResponse(get(), (stream) => stream.close(), { clock, stallTimeout: 1_000 });
    clock.endTurn();
    expect(await (await answer).text()).toBe(": \n\n");
    clock.advance(300);
    expect(clock.intervals).toBe(0);
  });
});
