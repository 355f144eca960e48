import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Server, type Socket } from "node:net";

/** A port that stays where it is while the server behind it stops and starts. */
export class StablePort {
  readonly port: number;
  /** The server's own port; without one, connections are broken off. */
  target: number | undefined;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
    this.port = (server.address() as AddressInfo).port;
    server.on("connection", (client) => this.#pass(client));
  }

  static async start(): Promise<StablePort> {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    return new StablePort(server);
  }

  /** Breaks all connections off. */
  drop(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  close(): void {
    this.#server.close();
    this.drop();
  }

  #pass(client: Socket): void {
    if (this.target === undefined) {
      client.destroy();
      return;
    }
    const server = connect(this.target, "127.0.0.1");
    client.pipe(server).pipe(client);
    for (const socket of [client, server]) {
      this.#sockets.add(socket);
      socket.on("error", () => {});
      socket.on("close", () => {
        this.#sockets.delete(socket);
        client.destroy();
        server.destroy();
      });
    }
  }
}
