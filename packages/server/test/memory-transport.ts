import { MemoryTransport as Transport } from "../src/testing/memory-transport.ts";

/** A response that few bytes fill. */
export class MemoryTransport extends Transport {
  /** What the system has been given and has not taken, if a test says so. */
  unsentBytes: number | undefined;

  constructor({ gone = false }: { gone?: boolean } = {}) {
    super({ gone, highWaterMark: 100 });
  }
}
