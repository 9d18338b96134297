/**
 * How many messages of a process may be claimed at once, and how many of those on the wire. Shared by all lanes: what is
 * claimed is what a crash leaves unknown, so nothing is claimed without a permit.
 */
export type Permits = {
  /** Whoever claims sits at the table as long as it goes on: all who sit there have equal shares. */
  sit(): Seat;
  give(count: number): void;
  /** Waits in line for a place on the wire; false when `signal` ends the wait. */
  enterWire(signal: AbortSignal): Promise<boolean>;
  leaveWire(): void;
};

export type Seat = {
  /** Waits until at least one is free, then takes up to `most`, and no more than its share; 0 when `signal` ends the wait. */
  take(most: number, signal: AbortSignal): Promise<number>;
  rise(): void;
};

/** `total` may be claimed, half of them on the wire: one group goes out while another is prepared or recorded. */
export function createPermits(total: number): Permits {
  const claims = createPlaces(total);
  const wire = createPlaces(Math.max(1, Math.floor(total / 2)));
  let seats = 0;
  return {
    sit() {
      seats += 1;
      return {
        // Without shares who has most gives most back at once and takes most again, and a lane that comes later gets crumbs.
        async take(most, signal) {
          return (await claims.enter(signal)) ? 1 + claims.takeFree(Math.min(most, Math.floor(total / seats)) - 1) : 0;
        },
        rise: () => { seats -= 1; },
      };
    },
    give: (count) => claims.leave(count),
    enterWire: (signal) => wire.enter(signal),
    leaveWire: () => wire.leave(1),
  };
}

/** A number of places and a line before them: while somebody waits, none is free. */
function createPlaces(total: number) {
  let free = total;
  const waiting = new Set<() => void>();
  const takeFree = (most: number): number => {
    const taken = Math.max(0, Math.min(most, free));
    free -= taken;
    return taken;
  };
  return {
    takeFree,
    async enter(signal: AbortSignal): Promise<boolean> {
      if (signal.aborted) return false;
      if (takeFree(1) === 1) return true;
      return new Promise((resolve) => {
        const admit = (): void => { signal.removeEventListener('abort', giveUp); resolve(true); };
        const giveUp = (): void => { waiting.delete(admit); resolve(false); };
        waiting.add(admit);
        signal.addEventListener('abort', giveUp, { once: true });
      });
    },
    leave(count: number): void {
      free += count;
      for (const admit of waiting) {
        if (takeFree(1) === 0) return;
        waiting.delete(admit);
        admit();
      }
    },
  };
}
