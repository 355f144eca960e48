/**
 * What is used of Bun's `Server`, which fits. Written down here, for Bun's own types declare globals that would reach
 * whoever imports them.
 */
export interface BunServer {
  /** Sets after how many seconds without a byte a request is closed; 0: never. */
  timeout(request: Request, seconds: number): void;
}
