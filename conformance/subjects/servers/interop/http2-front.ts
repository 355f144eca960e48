import { once } from "node:events";
import { request } from "node:http";
import {
  constants,
  createSecureServer,
  type Http2SecureServer,
  type Http2ServerRequest,
  type Http2ServerResponse,
} from "node:http2";
import type { AddressInfo } from "node:net";
import { localhost } from "testing";

const OF_THE_CONNECTION = ["connection", "keep-alive", "transfer-encoding"];

/** Takes HTTP/2 over TLS alone, and asks a server of HTTP/1.1. What breaks off there breaks off here. */
export class Http2Front {
  readonly #server: Http2SecureServer;
  readonly #target: number;

  private constructor(target: number) {
    this.#target = target;
    this.#server = createSecureServer(localhost, (req, res) => this.#answer(req, res));
  }

  /** Starts one before a port. */
  static async start(target: number): Promise<Http2Front> {
    const front = new Http2Front(target);
    front.#server.listen(0, "127.0.0.1");
    await once(front.#server, "listening");
    return front;
  }

  get origin(): string {
    return `https://localhost:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): void {
    this.#server.close();
  }

  #answer(req: Http2ServerRequest, res: Http2ServerResponse): void {
    const { stream } = req;
    const fields = Object.entries(req.headers).filter(([name]) => !name.startsWith(":"));
    const upstream = request({ port: this.#target, path: req.url, headers: Object.fromEntries(fields), agent: false });
    const breakOff = (): void => stream.close(constants.NGHTTP2_INTERNAL_ERROR);
    upstream.on("error", breakOff);
    upstream.on("response", (answer) => {
      const head = Object.entries(answer.headers).filter(([name]) => !OF_THE_CONNECTION.includes(name));
      res.writeHead(answer.statusCode ?? 502, Object.fromEntries(head));
      answer.on("error", breakOff);
      answer.pipe(res);
    });
    stream.on("close", () => upstream.destroy());
    stream.on("error", () => {});
    upstream.end();
  }
}
