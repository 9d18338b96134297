import type { PayoutRail } from './payout-rail.ts';

/** A person pays: nothing leaves from here, and only that person can say what came of it. */
export function manualRail(): PayoutRail {
  return {
    kind: 'manual',
    handOver: () => Promise.resolve({ outcome: 'accepted', state: 'pending', reference: null }),
    find: () => Promise.resolve({ outcome: 'cannot_tell' }),
  };
}
