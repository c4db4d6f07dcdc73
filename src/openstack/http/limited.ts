/** Runs work, at most so many at a time, in the order in which it came. */
export type Limiter = <Result>(work: () => Promise<Result>) => Promise<Result>;

export function createLimiter(most: number): Limiter {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (work) => {
    if (running >= most) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    try {
      return await work();
    } finally {
      // the place goes straight to the next
      const next = waiting.shift();
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
