import { setTimeout as sleep } from "node:timers/promises";
import type { OwnConnection, RedisConnection } from "./redis-client.ts";
import { isTransient, redisError, replyCode, unavailable } from "./redis-error.ts";
import type { Script } from "./scripts.ts";
import { within } from "./within.ts";

/** How the store is reached. */
export interface RedisAccessInit {
  readonly connection: RedisConnection;
  /** Milliseconds for a reply. */
  readonly timeout: number;
  /** Bytes that may be on their way. */
  readonly maxPendingBytes: number;
}

/** Sends a command. */
export type Send = (args: readonly string[]) => Promise<unknown>;

/** A script, and what it works on. */
export interface ScriptCall {
  readonly script: Script;
  readonly keys: readonly string[];
  readonly values: readonly string[];
}

const RETRY_DELAY = 50;
const MIN_VERSION = 7;

/**
 * The store by the user's connection: each call is bounded in time, and all of them in bytes, however long the store is
 * away. A client keeps what it was given until it has a connection, so nothing is given to one that has none.
 */
export class RedisAccess {
  readonly timeout: number;
  readonly #connection: RedisConnection;
  readonly #maxPendingBytes: number;
  readonly #stopListening: () => void;
  #pendingBytes = 0;
  /** Wakes those who wait for the connection. */
  readonly #waiting = new Set<() => void>();
  /** What was found of the store on this connection. */
  #checked: Promise<void> | undefined;

  constructor({ connection, timeout, maxPendingBytes }: RedisAccessInit) {
    this.#connection = connection;
    this.timeout = timeout;
    this.#maxPendingBytes = maxPendingBytes;
    this.#stopListening = connection.onReady(() => {
      this.#checked = undefined;
      for (const wake of this.#waiting) wake();
    });
  }

  /**
   * Runs a script that may run twice: when a reply is lost with its connection, it is sent again. Rejects with
   * `log-unavailable` when there is no reply in time.
   *
   * @param action what the caller is about, for the error
   */
  async run(action: string, call: ScriptCall): Promise<unknown> {
    const bytes = call.values.reduce((sum, value) => sum + value.length, 0);
    if (this.#pendingBytes > 0 && this.#pendingBytes + bytes > this.#maxPendingBytes) {
      throw unavailable(action, `${this.#pendingBytes} bytes wait for the store already; try again when it answers`);
    }
    // What waits counts until it was answered, or the client has let it go, though nobody may wait for it any more.
    this.#pendingBytes += bytes;
    const sent = new Set<Promise<unknown>>();
    try {
      return await this.#runUntil(performance.now() + this.timeout, call, sent);
    } catch (error) {
      throw redisError(action, error);
    } finally {
      void Promise.allSettled(sent).then(() => {
        this.#pendingBytes -= bytes;
      });
    }
  }

  /** A connection of the log's own, to a store that was found fit; `onOpen` gets it before it is connected. */
  async dial(onOpen: (connection: OwnConnection) => void, signal: AbortSignal): Promise<OwnConnection> {
    const own = this.#connection.duplicate();
    onOpen(own);
    const late = (): Error => new Error(`no connection within ${this.timeout} ms`);
    const connected = own.connect().then(() => checkStore(own.send));
    await within(connected, { ms: this.timeout, late, signal });
    return own;
  }

  close(): void {
    this.#stopListening();
  }

  async #runUntil(deadline: number, call: ScriptCall, sent: Set<Promise<unknown>>): Promise<unknown> {
    while (true) {
      try {
        await this.#ready(deadline);
        const reply = runScript(this.#connection.send, call);
        sent.add(reply);
        return await this.#inTime(reply, deadline);
      } catch (error) {
        if (!isTransient(error) || performance.now() + RETRY_DELAY >= deadline) throw error;
        await sleep(RETRY_DELAY);
      }
    }
  }

  async #ready(deadline: number): Promise<void> {
    while (!this.#connection.isReady) await this.#connected(deadline);
    this.#checked ??= checkStore(this.#connection.send).catch((error: unknown) => {
      this.#checked = undefined;
      throw error;
    });
    await this.#inTime(this.#checked, deadline);
  }

  async #connected(deadline: number): Promise<void> {
    let wake = (): void => {};
    const ready = new Promise<void>((resolve) => {
      wake = resolve;
    });
    this.#waiting.add(wake);
    const late = (): Error =>
      unavailable(
        "reach",
        `its client has had no connection for ${this.timeout} ms; start Redis, or correct its address`,
      );
    await within(ready, { ms: deadline - performance.now(), late }).finally(() => this.#waiting.delete(wake));
  }

  #inTime<T>(reply: Promise<T>, deadline: number): Promise<T> {
    const late = (): Error =>
      unavailable("reach", `no reply within ${this.timeout} ms; what was sent may still arrive`);
    return within(reply, { ms: deadline - performance.now(), late });
  }
}

/** Runs a script, which the store is told only when it doesn't know it: it forgets at a restart and by `SCRIPT FLUSH`. */
export async function runScript(send: Send, { script, keys, values }: ScriptCall): Promise<unknown> {
  const input = [String(keys.length), ...keys, ...values];
  try {
    return await send(["EVALSHA", script.sha, ...input]);
  } catch (error) {
    if (replyCode(error) !== "NOSCRIPT") throw error;
    return send(["EVAL", script.text, ...input]);
  }
}

/**
 * Refuses a store that would lose entries by itself: under `allkeys-…` it evicts whatever key it likes, and a whole log is
 * one key (HUB C4). `volatile-…` evicts none of ours, for they never expire.
 */
async function checkStore(send: Send): Promise<void> {
  const info = String(await send(["INFO"]));
  const field = (name: string): string => new RegExp(`^${name}:(.*?)\r?$`, "m").exec(info)?.[1] ?? "";
  const version = field("redis_version");
  if (Number.parseInt(version, 10) < MIN_VERSION) {
    throw unavailable("use", `the store has version ${version}; it needs ${MIN_VERSION}.0 or later, or Valkey`);
  }
  const policy = field("maxmemory_policy");
  if (policy.startsWith("allkeys-")) {
    throw unavailable("use", `its maxmemory-policy ${policy} may evict the log; set it to noeviction`);
  }
}
