import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ResponseReader } from "./response-reader.ts";

const CHUNKED =
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n" +
  "6\r\ndata: \r\n5;x=1\r\nhello\r\n2\r\n\n\n\r\n0\r\n\r\n";

/** What a response tells, fed in pieces that end at `cuts`. */
function read(text: string, { cuts = [], closes = false }: { cuts?: readonly number[]; closes?: boolean } = {}) {
  const seen = { status: 0, type: "", body: "", ended: 0 };
  const reader = new ResponseReader({
    onHead: (status, fields) => {
      seen.status = status;
      seen.type = fields.get("content-type") ?? "";
    },
    onBody: (bytes) => {
      seen.body += Buffer.from(bytes).toString("latin1");
    },
    onEnd: () => {
      seen.ended += 1;
    },
  });
  const bytes = Buffer.from(text, "latin1");
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    reader.feed(bytes.subarray(from, cut));
    from = Math.max(from, cut);
  }
  reader.feed(bytes.subarray(from));
  if (closes) reader.end();
  return seen;
}

describe("ResponseReader", () => {
  it("takes chunk framing off a body, and tells its end", () => {
    expect(read(CHUNKED)).toEqual({ status: 200, type: "text/event-stream", body: "data: hello\n\n", ended: 1 });
  });

  it("reads a body of a given length, and nothing behind it", () => {
    expect(read("HTTP/1.1 503 Busy\r\nContent-Length: 4\r\n\r\nbusyHTTP")).toMatchObject({
      status: 503,
      body: "busy",
      ended: 1,
    });
  });

  it("ends a body without a length with its connection", () => {
    const text = "HTTP/1.0 200 OK\r\n\r\ndata: 1\n\n";
    expect(read(text)).toMatchObject({ body: "data: 1\n\n", ended: 0 });
    expect(read(text, { closes: true })).toMatchObject({ body: "data: 1\n\n", ended: 1 });
  });

  it("does not take a cut chunked body for a whole one", () => {
    expect(read(CHUNKED.slice(0, -5), { closes: true })).toMatchObject({ ended: 0 });
  });

  it("passes over an interim response", () => {
    expect(read(`HTTP/1.1 103 Early Hints\r\nLink: x\r\n\r\n${CHUNKED}`)).toMatchObject({ status: 200, ended: 1 });
  });

  it.each(["SSH-2.0-OpenSSH\r\n\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"])(
    "refuses what is no response: %j",
    (text) => {
      expect(() => read(text)).toThrow(SyntaxError);
    },
  );

  it("tells the same however the bytes are cut", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(CHUNKED.length)), (cuts) => {
        expect(read(CHUNKED, { cuts })).toEqual(read(CHUNKED));
      }),
    );
  });
});
