type Waiter = { readonly most: number; comeIn(count: number): void };
/** What one tenant has of the places: how many it holds, and whoever of it waits for some. */
type Guest = { held: number; readonly waiting: Set<Waiter> };

export type FairPlaces = {
  /** Waits until there is a place, then takes up to `most` that are free for the tenant; 0 when `signal` ends the wait. */
  enter(tenant: string, most: number, signal: AbortSignal): Promise<number>;
  leave(tenant: string, count: number): void;
  /** Looks again who may come in: what `cap` says has changed. */
  look(): void;
};

export type PlacesOptions = {
  readonly total: number;
  /** The last so many are for those who hold none: whoever comes next need not wait for those who have the rest. */
  readonly spare: number;
  /** How many a tenant may hold at most; `contested`: somebody else waits. */
  cap(tenant: string, contested: boolean): number;
};

/** `guests` in the order in which they are served next. */
type Table = PlacesOptions & { free: number; waiters: number; readonly guests: Map<string, Guest> };

/**
 * A number of places and a line before them, a line for each tenant: a place that becomes free goes to the tenants in
 * turn. While anybody waits who may come in, nobody takes a place past the line.
 */
export function createFairPlaces(options: PlacesOptions): FairPlaces {
  const table: Table = { ...options, free: options.total, waiters: 0, guests: new Map() };
  return {
    async enter(tenant, most, signal) {
      if (signal.aborted) return 0;
      const guest = guestOf(table, tenant);
      return new Promise((resolve) => {
        const end = (count: number): void => {
          guest.waiting.delete(waiter);
          table.waiters -= 1;
          signal.removeEventListener('abort', giveUp);
          resolve(count);
        };
        const waiter: Waiter = { most, comeIn: end };
        const giveUp = (): void => {
          end(0);
          forgetIdle(table, tenant);
          admit(table);
        };
        guest.waiting.add(waiter);
        table.waiters += 1;
        signal.addEventListener('abort', giveUp, { once: true });
        admit(table);
      });
    },
    leave(tenant, count) {
      take(table, guestOf(table, tenant), -count);
      forgetIdle(table, tenant);
      admit(table);
    },
    look: () => admit(table),
  };
}

function guestOf({ guests }: Table, tenant: string): Guest {
  const guest = guests.get(tenant) ?? { held: 0, waiting: new Set() };
  guests.set(tenant, guest);
  return guest;
}

function forgetIdle({ guests }: Table, tenant: string): void {
  const guest = guests.get(tenant);
  if (guest?.held === 0 && guest.waiting.size === 0) guests.delete(tenant);
}

function roomFor({ free, spare, cap, waiters }: Table, tenant: string, { held, waiting }: Guest): number {
  const room = Math.min(free, cap(tenant, waiters > waiting.size) - held);
  // The first may be a spare one, further ones not.
  return Math.max(0, Math.min(room, held > 0 ? free - spare : Math.max(1, free - spare)));
}

function take(table: Table, guest: Guest, count: number): void {
  guest.held += count;
  table.free -= count;
}

/** Lets in whoever is next, until nobody who waits may come in. */
function admit(table: Table): void {
  while (table.free > 0 && table.waiters > 0 && admitOne(table));
}

function admitOne(table: Table): boolean {
  for (const [tenant, guest] of table.guests) {
    const [first] = guest.waiting;
    if (first === undefined) continue;
    const count = Math.min(first.most, roomFor(table, tenant, guest));
    if (count === 0) continue;
    // To the end of the round.
    table.guests.delete(tenant);
    table.guests.set(tenant, guest);
    take(table, guest, count);
    first.comeIn(count);
    return true;
  }
  return false;
}
