import type { ClientEvent } from "./client-options.ts";

/** Whom a listener listens to, besides an event type. */
export const ANY: unique symbol = Symbol();
export const GAP: unique symbol = Symbol();
export const COMMENT: unique symbol = Symbol();
export const STATE: unique symbol = Symbol();

type Listener = (value: never) => unknown;

/** What a delivery needs of its client. */
export interface DeliveryOwner {
  /** Told the last event ID that holds once everything before it has been handled. */
  onHandled(lastEventId: string): void;
  /** Told what listeners throw. */
  readonly onError: (error: unknown) => void;
  /** Told that who iterated has left. */
  onLeave(): void;
}

interface Waiter {
  resolve(result: IteratorResult<ClientEvent, undefined>): void;
  reject(error: unknown): void;
}

const finished: IteratorReturnResult<undefined> = { done: true, value: undefined };

/**
 * Hands out events: to listeners at once, to who iterates at their own pace. What waits for the latter is bounded by one
 * chunk, for the next is read when all of it is taken.
 */
export class Delivery implements AsyncIterableIterator<ClientEvent> {
  readonly #owner: DeliveryOwner;
  readonly #listeners = new Map<string | symbol, Set<Listener>>();
  #iterating = false;
  /** Events to be taken, and last event IDs that hold once those before them are handled. */
  #queue: (ClientEvent | string)[] = [];
  readonly #waiters: Waiter[] = [];
  /** The last event ID of the event that was taken, until the next one is asked for. */
  #taken: string | undefined;
  #closed = false;
  #failure: { readonly error: unknown } | undefined;
  #wake: () => void = () => {};

  constructor(owner: DeliveryOwner) {
    this.#owner = owner;
  }

  /** Whether someone iterates, who is told of a failure. */
  get iterating(): boolean {
    return this.#iterating;
  }

  /** Adds a listener; gives the function that removes it. */
  add(key: string | symbol, listener: Listener): () => void {
    // The same function may listen twice.
    const own: Listener = (value) => listener(value);
    const listeners = this.#listeners.get(key) ?? new Set();
    this.#listeners.set(key, listeners.add(own));
    this.#wake();
    return () => {
      listeners.delete(own);
      if (listeners.size === 0) this.#listeners.delete(key);
    };
  }

  /** Calls the listeners; what one throws, or its promise rejects with, stops nobody else. */
  tell(key: string | symbol, value: unknown): void {
    const { onError } = this.#owner;
    for (const listener of [...(this.#listeners.get(key) ?? [])]) {
      if (this.#closed && key !== STATE) return;
      try {
        const answer = listener(value as never);
        if (answer instanceof Promise) answer.catch(onError);
      } catch (error) {
        onError(error);
      }
    }
  }

  /** Delivers an event. */
  give(event: ClientEvent): void {
    this.tell(event.type, event);
    this.tell(ANY, event);
    if (this.#closed) return;
    const waiter = this.#waiters.shift();
    if (waiter !== undefined) waiter.resolve(this.#take(event));
    else if (this.#iterating) this.#queue.push(event);
    else this.#owner.onHandled(event.lastEventId);
  }

  /** Says which last event ID holds after what was delivered so far. */
  move(lastEventId: string): void {
    // Who iterates and waits has handled all before it.
    if (this.#iterating && this.#waiters.length === 0) this.#queue.push(lastEventId);
    else this.#owner.onHandled(lastEventId);
  }

  /** Fulfils when someone wants more: at once, unless nobody listens, or who iterates has not taken all. */
  async wanted(): Promise<void> {
    while (!this.#closed && !this.#isWanted()) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Delivers nothing more, but what who iterates has not taken; then they are told the failure. */
  end(failure?: { readonly error: unknown }): void {
    this.#closed = true;
    this.#failure = failure;
    this.#wake();
    for (const waiter of this.#waiters.splice(0)) this.#next().then(waiter.resolve, waiter.reject);
  }

  /** Delivers nothing more. */
  stop(): void {
    this.#queue = [];
    this.end();
  }

  /** Begins the iteration, of which there is one. */
  [Symbol.asyncIterator](): this {
    if (this.#iterating) throw new TypeError("Cannot iterate a client twice: share the loop, or use `on`");
    this.#iterating = true;
    return this;
  }

  /** The next event. */
  next(): Promise<IteratorResult<ClientEvent, undefined>> {
    this.#handled();
    return this.#next();
  }

  /** Leaves, which closes the client. */
  async return(): Promise<IteratorReturnResult<undefined>> {
    this.#handled();
    this.#owner.onLeave();
    return finished;
  }

  async #next(): Promise<IteratorResult<ClientEvent, undefined>> {
    for (let item = this.#queue.shift(); item !== undefined; item = this.#queue.shift()) {
      if (typeof item !== "string") return this.#take(item);
      this.#owner.onHandled(item);
    }
    const failure = this.#failure;
    this.#failure = undefined;
    if (failure !== undefined) throw failure.error;
    if (this.#closed) return finished;
    this.#wake();
    return new Promise((resolve, reject) => this.#waiters.push({ resolve, reject }));
  }

  #take(event: ClientEvent): IteratorYieldResult<ClientEvent> {
    this.#taken = event.lastEventId;
    return { done: false, value: event };
  }

  #handled(): void {
    if (this.#taken !== undefined) this.#owner.onHandled(this.#taken);
    this.#taken = undefined;
  }

  #isWanted(): boolean {
    if (this.#iterating) return this.#queue.length === 0;
    return this.#listeners.size > (this.#listeners.has(STATE) ? 1 : 0);
  }
}
