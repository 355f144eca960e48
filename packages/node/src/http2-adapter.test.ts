import { once } from "node:events";
import { type ClientHttp2Session, type ClientHttp2Stream, connect, constants } from "node:http2";
import { join } from "node:path";
import { PATIENCE, type Program, startProgram } from "testing";
import { type Kept, SOURCE_EVENTS } from "testing/adapter-fixture";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

/** How many readers come and go, and how many of them on one session: of a thousand resets Node thinks it is attacked. */
const CYCLES = 10_000;
const A_SESSION = 500;
const FIRST = ": \n\n";

/** What the table of adapters asks of HTTP/1.1 over raw sockets, on HTTP/2 in the clear. */
describe("openEventStream() on node:http2", () => {
  let program: Program;
  let session: ClientHttp2Session;

  beforeAll(async () => {
    program = await start();
    session = connectTo(program);
  });
  afterAll(async () => {
    session.destroy();
    await program.stop("SIGKILL");
  });

  const request = (path: string): ClientHttp2Stream =>
    session
      .request({ ":path": path })
      .setEncoding("utf8")
      .on("error", () => {});
  const ask = (question: string): Promise<string> => read(request(`/ask/${question}`));

  it.each([constants.NGHTTP2_CANCEL, constants.NGHTTP2_NO_ERROR])(
    "hears within a second of a reader who resets its stream with %i, and serves the session on (RULES B18)",
    async (code) => {
      const stream = request(`/quiet?name=reset${code}`);
      await once(stream, "data");
      stream.close(code);
      expect(await within(1_000, ask(`closed?name=reset${code}`))).toMatch(
        code === 0 ? /^(client|server)$/ : /^client$/,
      );
    },
  );

  it(`keeps nothing of ${CYCLES} readers who opened a stream and reset it (RULES B18)`, async () => {
    const openAndReset = async (reading: ClientHttp2Session): Promise<void> => {
      const stream = reading.request({ ":path": "/quiet" }).on("error", () => {});
      await once(stream, "data");
      stream.close(constants.NGHTTP2_CANCEL);
      await once(stream, "close");
    };
    const cycles = async (count: number): Promise<void> => {
      for (let done = 0; done < count; done += A_SESSION) {
        const reading = connectTo(program);
        for (let n = 0; n < A_SESSION; n += 50) {
          await Promise.all(Array.from({ length: 50 }, () => openAndReset(reading)));
        }
        reading.destroy();
      }
    };
    await cycles(CYCLES / 10);
    const before = JSON.parse(await ask("kept")) as Kept;
    await cycles(CYCLES);
    const after = JSON.parse(await ask("kept")) as Kept;
    expect(after.streams - before.streams).toBeLessThan(10);
    expect((after.bytes - before.bytes) / CYCLES).toBeLessThan(200);
  }, 120_000);

  it("gives a source at the pace of a reader that drips, all of it (RULES B19)", async () => {
    const stream = request("/source?name=drip").pause();
    while ((await ask("is-open?name=drip")) !== "done");
    await ask("behind?name=drip");
    let text = "";
    stream.on("data", (chunk: string) => {
      text += chunk;
      stream.pause();
      setImmediate(() => stream.resume());
    });
    stream.resume();
    expect(await ask("closed?name=drip")).toBe("end");
    if (!stream.readableEnded) await once(stream, "end");
    const numbers = [...text.matchAll(/^data: (\d+) x+\n\n/gm)].map(([, number]) => Number(number));
    expect(numbers).toEqual(Array.from({ length: SOURCE_EVENTS }, (_, n) => n));
  }, 60_000);

  it("drops a reader that stopped, and says that it was no end (RULES B19)", async () => {
    const stream = request("/flood?name=flood").pause();
    const closed = once(stream, "close");
    while ((await ask("is-open?name=flood")) !== "done");
    expect(await ask("closed?name=flood")).toBe("overflow");
    stream.resume();
    await closed;
    expect(stream.rstCode).toBe(constants.NGHTTP2_CANCEL);
  }, 30_000);

  it("hears of a server that stops with streams open, and ends with it (RULES B25)", async () => {
    const stopping = await start();
    const reading = connectTo(stopping);
    const streams = ["a", "b"].map((name) => reading.request({ ":path": `/quiet?name=${name}` }).on("error", () => {}));
    for (const stream of streams) expect(String((await once(stream, "data"))[0])).toBe(FIRST);
    reading.request({ ":path": "/ask/stop?name=a" }).on("error", () => {});
    expect(await stopping.ended).toBe(0);
    expect(stopping.output()).toMatch(/^closed as server,server$/m);
  }, 30_000);
});

function start(): Promise<Program> {
  const fixture = join(import.meta.dirname, "../test/http2-fixture.ts");
  const options = ["--expose-gc", "--conditions=@ssekit/source", "--no-warnings"];
  return startProgram([process.execPath, ...options, fixture], { until: /listening on (\d+)/ });
}

function connectTo({ match }: Program): ClientHttp2Session {
  return connect(`http://127.0.0.1:${match[1]}`).on("error", () => {});
}

async function read(stream: ClientHttp2Stream): Promise<string> {
  let text = "";
  for await (const chunk of stream) text += chunk;
  return text;
}

/** Fails when it takes longer than so many ms, on a quiet machine. */
async function within<Value>(ms: number, promise: Promise<Value>): Promise<Value> {
  const late = AbortSignal.timeout(ms * PATIENCE);
  return await Promise.race([promise, once(late, "abort").then(() => Promise.reject(late.reason))]);
}
