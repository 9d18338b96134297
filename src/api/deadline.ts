export const TIMED_OUT = Symbol('timed out');

/** The work's result, or TIMED_OUT when it takes longer; the work itself goes on and its failure is then nobody's. */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T | typeof TIMED_OUT> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<typeof TIMED_OUT>((settle) => { timer = setTimeout(settle, limitMs, TIMED_OUT); });
  work.catch(() => {});
  try {
    return await Promise.race([work, limit]);
  } finally {
    clearTimeout(timer);
  }
}

/** Thrown into work whose caller has been answered already: it must leave nothing behind. */
export class TooLate extends Error {
  override readonly name = 'TooLate';
  constructor() {
    super('the caller was told to come again before this was done');
  }
}
