import { constants, type Http2ServerResponse, type ServerHttp2Stream } from "node:http2";
import type { HeaderList, Transport, TransportObserver } from "@ssekit/server";
import { answerStatus, writeHead } from "./write-head.ts";

/** A transport over the response that `node:http2` hands to a request listener. */
export class Http2Transport implements Transport {
  readonly #res: Http2ServerResponse;
  /** Kept, for `res` forgets it at the close. */
  readonly #stream: ServerHttp2Stream;
  #onDrain: () => void = () => {};

  constructor(res: Http2ServerResponse) {
    this.#res = res;
    this.#stream = res.stream;
  }

  get bufferedBytes(): number {
    return this.#stream.writableLength;
  }

  get highWaterMark(): number {
    return this.#stream.writableHighWaterMark;
  }

  observe(observer: TransportObserver): void {
    const onClose = (): void => observer.onClose(this.#resetByReader() ? "client" : "server");
    this.#onDrain = () => observer.onDrain();
    this.#res.on("drain", this.#onDrain);
    this.#res.on("error", (error) => observer.onClose("error", error));
    this.#res.on("close", onClose);
    if (this.#stream.destroyed) onClose();
  }

  answer(status: number, headers: HeaderList): void {
    answerStatus(this.#res, status, headers);
  }

  open(headers: HeaderList): void {
    writeHead(this.#res, headers);
  }

  write(bytes: Uint8Array): void {
    // The callback besides `drain`, which comes only once all is gone.
    this.#res.write(bytes, this.#onDrain);
  }

  end(): void {
    this.#res.end();
  }

  abort(): void {
    // Not destroy(), whose code is that of a stream which ended well.
    this.#stream.close(constants.NGHTTP2_CANCEL);
  }

  /** A reader who leaves cancels the stream, or loses it with its connection; what this side does has no error code. */
  #resetByReader(): boolean {
    return (this.#stream.rstCode ?? constants.NGHTTP2_NO_ERROR) !== constants.NGHTTP2_NO_ERROR;
  }
}
