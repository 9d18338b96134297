/**
 * Who goes first where the machine itself is the bottleneck: a tenant that sends much lets one that just came with little
 * go before its next group. It waits for no more than a moment, so that it goes on however many come.
 */
export type LighterFirst = {
  sit(tenant: string): void;
  rise(tenant: string): void;
  /** A message of the tenant has left. */
  served(tenant: string): void;
  /** Resolves as soon as no lighter newcomer is there, or after a moment. */
  pass(tenant: string, signal: AbortSignal): Promise<void>;
};

/** So long at most a group is held back. */
export const HELD_BACK_MS = 100;
/** Somebody who has been there for longer is no newcomer: he may wait for a server that stalls. */
const NEW_FOR_MS = 250;
/** Much: so many times what the other sent lately, and more than a few. */
const TIMES_AS_MUCH = 4;
const FEW = 20;
/** What was sent so long ago counts half. */
const HALVED_AFTER_MS = 1_000;

type Guest = { seats: number; sinceMs: number; sent: number; sentAtMs: number };

export function createLighterFirst(nowMs: () => number = () => performance.now()): LighterFirst {
  const guests = new Map<string, Guest>();
  const waiting = new Set<() => void>();
  const sentLately = ({ sent, sentAtMs }: Guest, now: number): number => sent * 0.5 ** ((now - sentAtMs) / HALVED_AFTER_MS);
  const guestOf = (tenant: string): Guest => {
    const guest = guests.get(tenant) ?? { seats: 0, sinceMs: nowMs(), sent: 0, sentAtMs: nowMs() };
    guests.set(tenant, guest);
    return guest;
  };
  const hasLighter = (tenant: string): boolean => {
    const now = nowMs();
    const own = sentLately(guestOf(tenant), now);
    return own > FEW && [...guests].some(([other, guest]) =>
      other !== tenant && guest.seats > 0 && now - guest.sinceMs < NEW_FOR_MS && own > TIMES_AS_MUCH * sentLately(guest, now));
  };
  return {
    sit(tenant) {
      const guest = guestOf(tenant);
      if (guest.seats === 0) guest.sinceMs = nowMs();
      guest.seats += 1;
    },
    rise(tenant) {
      const guest = guestOf(tenant);
      guest.seats -= 1;
      for (const look of waiting) look();
      // Whoever has sent next to nothing lately is as good as new.
      for (const [name, each] of guests) if (each.seats === 0 && sentLately(each, nowMs()) < 1) guests.delete(name);
    },
    served(tenant) {
      const guest = guestOf(tenant);
      const now = nowMs();
      guest.sent = sentLately(guest, now) + 1;
      guest.sentAtMs = now;
    },
    async pass(tenant, signal) {
      if (signal.aborted || !hasLighter(tenant)) return;
      await new Promise<void>((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          waiting.delete(look);
          signal.removeEventListener('abort', end);
          resolve();
        };
        const look = (): void => { if (!hasLighter(tenant)) end(); };
        const timer = setTimeout(end, HELD_BACK_MS);
        waiting.add(look);
        signal.addEventListener('abort', end, { once: true });
      });
    },
  };
}
