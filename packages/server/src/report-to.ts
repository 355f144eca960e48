/** Hands an error to `onError`, `console.error` by default, and never throws itself (RULES B22). */
export function reportTo(onError: ((error: unknown) => void) | undefined, error: unknown): void {
  try {
    (onError ?? console.error)(error);
  } catch (thrown) {
    console.error(thrown);
  }
}
