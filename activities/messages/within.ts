/** Waits for `done`, but no longer than `ms`. */
export async function within(ms: number, done: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  await Promise.race([done, new Promise((resolve) => { timer = setTimeout(resolve, Math.max(0, ms)); })]);
  clearTimeout(timer);
}

/** Waits so long, or until `signal` ends the wait. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted || ms <= 0) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}

/** Waits for both, also when one fails: the other may have mail on the wire, whose outcome has yet to be recorded. */
export async function bothEnd(pumps: readonly Promise<void>[]): Promise<void> {
  const failed = (await Promise.allSettled(pumps)).find((pumped) => pumped.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
