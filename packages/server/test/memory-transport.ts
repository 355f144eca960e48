import { MemoryTransport as Transport } from "../src/testing/memory-transport.ts";

/** A response that few bytes fill. */
export class MemoryTransport extends Transport {
  constructor({ gone = false }: { gone?: boolean } = {}) {
    super({ gone, highWaterMark: 100 });
  }
}
