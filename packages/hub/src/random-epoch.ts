/**
 * Names a new history: 12 letters and digits, so that no other log's cursor fits. For drivers of {@linkcode EventLog}.
 *
 * @example
 * ```ts
 * randomEpoch().length; // 12
 * ```
 */
export function randomEpoch(): string {
  const letters = "0123456789abcdefghijklmnopqrstuvwxyz";
  return Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => letters[byte % letters.length]).join("");
}
