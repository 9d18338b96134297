/**
 * K of a week: new people brought in it, for each member who could have brought one. It is the product of the two numbers it is
 * usually taught as, invites per active member times conversions per invite (D. Skok, "Lessons Learned: Viral
 * Marketing", forentrepreneurs.com, 2009), without needing that every conversion came by an invite we carried.
 */
export type KFactor = {
  /** The numerator: people brought. */
  readonly brought: number;
  /** The denominator: members who were active, so that they could have brought somebody. */
  readonly activeMembers: number;
  /** Null where nobody was active. */
  readonly k: number | null;
  /** Ends of its 95 % interval; null as `k` is. */
  readonly low: number | null;
  readonly high: number | null;
};

/** Of the normal distribution, two-sided 95 %. */
const Z = 1.959963984540054;

/**
 * K with an interval. What is uncertain is the number of people brought: a count, so that Byar's approximation of the exact
 * Poisson interval holds, also above 1 and for small counts (N. E. Breslow and N. E. Day, "Statistical Methods in Cancer
 * Research II", IARC 1987, p. 69). One member who brings many makes counts vary more than that: it is the least that is uncertain.
 * Throws for what are no counts.
 */
export function kFactor(brought: number, activeMembers: number): KFactor {
  if (![brought, activeMembers].every((count) => Number.isSafeInteger(count) && count >= 0)) throw new RangeError('K is made of counts');
  if (activeMembers === 0) return { brought, activeMembers, k: null, low: null, high: null };
  return { brought, activeMembers, k: brought / activeMembers, low: lowerOf(brought) / activeMembers, high: upperOf(brought) / activeMembers };
}

function lowerOf(count: number): number {
  if (count === 0) return 0;
  return Math.max(0, count * (1 - 1 / (9 * count) - Z / (3 * Math.sqrt(count))) ** 3);
}

function upperOf(count: number): number {
  const next = count + 1;
  return next * (1 - 1 / (9 * next) + Z / (3 * Math.sqrt(next))) ** 3;
}
