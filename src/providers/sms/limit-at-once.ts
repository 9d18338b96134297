/** Lets no more than so many run at once; the others wait in the order they came. */
export function limitAtOnce(most: number): <T>(run: () => Promise<T>) => Promise<T> {
  let running = 0;
  const waiting: (() => void)[] = [];
  return async (run) => {
    if (running >= most) await new Promise<void>((go) => { waiting.push(go); });
    else running += 1;
    try {
      return await run();
    } finally {
      const next = waiting.shift();
      // the place passes on without ever being free, so that nobody new slips in between
      if (next === undefined) running -= 1;
      else next();
    }
  };
}
