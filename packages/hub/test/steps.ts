/** What a fault that the test planted in the store throws. */
export class InjectedFault extends Error {}

interface Step {
  readonly node: number;
  readonly kind: StepKind;
  readonly go: () => void;
  readonly lose: () => void;
}

/** What is under way between a node and the store. */
export type StepKind = "call" | "tail";

/**
 * All that is under way between nodes and store: it goes on when the test says so, in whatever order, or is lost. So a
 * run is one interleaving out of all, the same each time.
 */
export class Steps {
  #pending: Step[] = [];
  readonly #lagging = new Set<number>();
  #paused = false;

  /** Fulfils when the test lets it. */
  pass(node: number, kind: StepKind): Promise<void> {
    return new Promise((resolve, reject) => {
      const lose = (): void => reject(new InjectedFault(`The store's ${kind} to node ${node} broke`));
      this.#pending.push({ node, kind, go: resolve, lose });
    });
  }

  /** Lets one step happen: of those that can, the one at `which`, counted around. */
  run(which: number): boolean {
    return this.#take(which, (step) => step.go());
  }

  /** Loses one: a request that never arrives, a reply that is lost, a tail that breaks. */
  lose(which: number): boolean {
    return this.#take(which, (step) => step.lose());
  }

  /** Lets nothing through any more, or all again. */
  pause(paused: boolean): void {
    this.#paused = paused;
  }

  /** Keeps the tail of a node from hearing anything, or no longer. */
  lag(node: number, lags: boolean): void {
    if (lags) this.#lagging.add(node);
    else this.#lagging.delete(node);
  }

  #take(which: number, end: (step: Step) => void): boolean {
    if (this.#paused) return false;
    const able = this.#pending.filter(({ node, kind }) => kind !== "tail" || !this.#lagging.has(node));
    const step = able[which % able.length];
    if (step === undefined) return false;
    this.#pending = this.#pending.filter((other) => other !== step);
    end(step);
    return true;
  }
}
