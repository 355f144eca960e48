/**
 * The name of a companion, if it can be one: for drivers of {@linkcode EventLog}. Throws a `TypeError` otherwise.
 *
 * @example
 * ```ts
 * checkedCompanionName("control"); // "control"
 * ```
 */
export function checkedCompanionName(name: string): string {
  if (/^[a-z]{1,20}$/.test(name)) return name;
  throw new TypeError(`Cannot open the companion ${JSON.stringify(name)}: give 1 to 20 lower-case letters`);
}
