/** Makes a function that runs so many calls at once at most, and the others in their order. */
export function atMost<Arg, Result>(limit: number, call: (arg: Arg) => Promise<Result>): (arg: Arg) => Promise<Result> {
  const waiting: (() => void)[] = [];
  let running = 0;
  return async (arg) => {
    if (running === limit) await new Promise<void>((resolve) => waiting.push(resolve));
    else running++;
    try {
      return await call(arg);
    } finally {
      // Whoever waits takes this place.
      const next = waiting.shift();
      if (next === undefined) running--;
      else next();
    }
  };
}
