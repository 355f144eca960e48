/** Milliseconds of one clock for all processes of this machine. */
export function clock(): number {
  return performance.timeOrigin + performance.now();
}
