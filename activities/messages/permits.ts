/**
 * How many messages of a process may be claimed or on the wire at once. Shared by all lanes: what is claimed is what a
 * crash leaves unknown, so nothing is claimed without a permit.
 */
export type Permits = {
  /** Waits until at least one is free, then takes up to `most`; 0 when `signal` ends the wait. */
  take(most: number, signal: AbortSignal): Promise<number>;
  give(count: number): void;
};

export function createPermits(total: number): Permits {
  let free = total;
  const waiting: (() => void)[] = [];
  const wakeNext = (): void => { if (free > 0) waiting.shift()?.(); };
  return {
    async take(most, signal) {
      while (free < 1) {
        if (signal.aborted) return 0;
        await new Promise<void>((resolve) => {
          const wake = (): void => { signal.removeEventListener('abort', wake); resolve(); };
          waiting.push(wake);
          signal.addEventListener('abort', wake, { once: true });
        });
      }
      const taken = Math.min(most, free);
      free -= taken;
      wakeNext();
      return taken;
    },
    give(count) {
      free += count;
      wakeNext();
    },
  };
}
