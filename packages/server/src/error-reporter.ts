/** Makes a function that hands errors to `onError`, `console.error` by default, and never throws itself (RULES B22). */
export function errorReporter(onError: (error: unknown) => void = console.error): (error: unknown) => void {
  return (error) => {
    try {
      onError(error);
    } catch (thrown) {
      console.error(thrown);
    }
  };
}
