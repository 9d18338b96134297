/** How many turns of one tenant a worker takes at once: a tenant with many lanes must leave places to the others. */
export type TurnPlaces = {
  /** Begins a turn; what comes back ends it. Null: the tenant has its part, and there is no room to spare. */
  begin(tenantId: string): (() => void) | null;
};

/** `most` for one tenant; more while `hasRoom` says that places are free in plenty. */
export function createTurnPlaces(most: number, hasRoom: () => boolean): TurnPlaces {
  const taken = new Map<string, number>();
  return {
    begin(tenantId) {
      const before = taken.get(tenantId) ?? 0;
      if (before >= most && !hasRoom()) return null;
      taken.set(tenantId, before + 1);
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        const left = (taken.get(tenantId) ?? 1) - 1;
        if (left === 0) taken.delete(tenantId);
        else taken.set(tenantId, left);
      };
    },
  };
}
