/** What a log needs of a client of the package `ioredis`. */
export interface IoredisClient {
  /** `ready` when commands go out at once, `wait` when the first one connects. */
  readonly status: string;
  /** Sends any command. */
  call(command: string, args: string[]): Promise<unknown>;
  /** Another client to the same store. */
  duplicate(override?: object): unknown;
  /** Connects. */
  connect(): Promise<unknown>;
  /** Ends the connection. */
  disconnect(): void;
  /** Hears of an event. */
  on(event: "ready" | "error", listener: () => void): unknown;
  /** Hears of it no more. */
  off(event: "ready" | "error", listener: () => void): unknown;
}

/** What a log needs of a client of the package `redis`. */
export interface NodeRedisClient {
  /** Whether commands go out at once. */
  readonly isReady: boolean;
  /** The options that it was created with. */
  readonly options: unknown;
  /** Sends any command. */
  sendCommand(args: string[], options?: object): Promise<unknown>;
  /** Another client to the same store. */
  duplicate(overrides?: object): unknown;
  /** Connects. */
  connect(): Promise<unknown>;
  /** Ends the connection. */
  destroy(): void;
  /** Hears of an event. */
  on(event: "ready" | "error", listener: () => void): unknown;
  /** Hears of it no more. */
  off(event: "ready" | "error", listener: () => void): unknown;
}

/** A client of `ioredis` (6) or of `redis` (6, also known as node-redis). */
export type RedisClient = IoredisClient | NodeRedisClient;

/** One connection to a store, of either client. */
export interface RedisConnection {
  /** Whether a command would go out at once. */
  readonly isReady: boolean;
  /** Sends a command. */
  send(args: readonly string[]): Promise<unknown>;
  /** Calls `listener` each time it has connected; returns what ends that. */
  onReady(listener: () => void): () => void;
  /** Another connection to the same store, which never connects again by itself; it isn't connected yet. */
  duplicate(): OwnConnection;
}

/** A connection of the log's own. */
export interface OwnConnection {
  /** Fulfils when it is connected. */
  connect(): Promise<unknown>;
  /** Sends a command. */
  send(args: readonly string[]): Promise<unknown>;
  /** Ends it; what waits for a reply is rejected. */
  close(): void;
}

/** The connection that a user's client is. It is never closed here. */
export function connectionOf(client: RedisClient): RedisConnection {
  const isNodeRedis = "isReady" in client;
  return {
    get isReady() {
      return isNodeRedis ? client.isReady : client.status === "ready" || client.status === "wait";
    },
    send: isNodeRedis ? nodeRedisSend(client) : ioredisSend(client),
    onReady(listener) {
      client.on("ready", listener);
      return () => void client.off("ready", listener);
    },
    duplicate: () => (isNodeRedis ? duplicateNodeRedis(client) : duplicateIoredis(client)),
  };
}

function ioredisSend(client: IoredisClient): RedisConnection["send"] {
  return async ([command = "", ...args]) => client.call(command, args);
}

/** Replies are to be strings, whatever the client maps them to. */
function nodeRedisSend(client: NodeRedisClient): RedisConnection["send"] {
  return async (args) => client.sendCommand([...args], { typeMapping: {} });
}

// A client that reconnects by itself would repeat its XREAD from a position that was not proved again, so each of these
// has one connection. The limits on how long a reply may take are those of the log.

function duplicateIoredis(client: IoredisClient): OwnConnection {
  const own = client.duplicate({
    lazyConnect: true,
    retryStrategy: () => null,
    autoResendUnfulfilledCommands: false,
    enableAutoPipelining: false,
    commandTimeout: undefined,
    blockingTimeout: undefined,
    socketTimeout: undefined,
  }) as IoredisClient;
  own.on("error", ignore);
  return { connect: () => own.connect(), send: ioredisSend(own), close: () => own.disconnect() };
}

function duplicateNodeRedis(client: NodeRedisClient): OwnConnection {
  const own = client.duplicate({
    socket: {
      ...(client.options as { socket?: object } | undefined)?.socket,
      reconnectStrategy: false,
      socketTimeout: undefined,
    },
    pingInterval: undefined,
    commandOptions: {},
  }) as NodeRedisClient;
  own.on("error", ignore);
  return { connect: () => own.connect(), send: nodeRedisSend(own), close: () => own.destroy() };
}

/** What goes wrong rejects what was sent; without a listener the event itself would be thrown. */
function ignore(): void {}
