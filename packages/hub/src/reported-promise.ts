import type { Scheduler } from "./turn.ts";

/**
 * A promise whose rejection is reported if nobody has looked at it by the end of the turn, and is never unhandled: a
 * lost publish must not end a process, nor vanish. A caller who awaits it gets the rejection, and nothing is reported.
 */
export class ReportedPromise<T> extends Promise<T> {
  // What `then` returns is a plain promise: only the first link of a chain reports.
  static override get [Symbol.species](): PromiseConstructor {
    return Promise;
  }

  #observed = false;

  /** Wraps `work`; `report` gets the error that nobody awaits. */
  static watch<T>(work: Promise<T>, report: (error: unknown) => void, schedule: Scheduler): ReportedPromise<T> {
    const promise = new ReportedPromise<T>((resolve, reject) => {
      work.then(resolve, (error: unknown) => {
        // Past our own `then`, so that this handler is not taken for a caller's.
        Promise.prototype.then.call(promise, undefined, () => {});
        reject(error);
        schedule(() => {
          if (!promise.#observed) report(error);
        });
      });
    });
    return promise;
  }

  // `await` calls it too, for the constructor is not Promise.
  // biome-ignore lint/suspicious/noThenProperty: this is a promise, which looks at who looks at it
  override then<A = T, B = never>(
    onFulfilled?: ((value: T) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    this.#observed = true;
    return super.then(onFulfilled, onRejected);
  }
}
