/** A clock in milliseconds that all threads of the process share, and that no one sets. */
export function now(): number {
  const [seconds, nanoseconds] = process.hrtime();
  return seconds * 1000 + nanoseconds / 1_000_000;
}
