/**
 * One limit: `quota` units in every `windowSeconds`, of which up to `burst` at once. Units are requests, or what a flow
 * counts by (invitees, rows). `burst` is no more than `quota`.
 */
export type RateRule = { readonly name: string; readonly quota: number; readonly windowSeconds: number; readonly burst: number };

/**
 * A bucket is one instant: when it will be full again, in whole microseconds since 1970. In the past: it is full now. This
 * is the "virtual scheduling" form of the leaky bucket (GCRA, ITU-T I.371 annex A): each unit takes one slot of time, slots
 * are `spacingUs` apart and none lies before the moment it was taken. So in any span of time, wherever it begins, no more
 * than burst + span / spacing units go through, in whatever order, from however many processes they are asked for.
 */
export type FullAtUs = number;

/** The time one unit stands for, rounded up, so that rounding never lets more through. */
export function spacingUs({ quota, windowSeconds }: RateRule): number {
  return Math.ceil((windowSeconds * 1_000_000) / quota);
}

/** How many units could go through now. Less than 0: a request larger than the burst left a debt. */
export function freeUnits(rule: RateRule, fullAtUs: FullAtUs, nowUs: number): number {
  const spacing = spacingUs(rule);
  return Math.floor((rule.burst * spacing - Math.max(fullAtUs - nowUs, 0)) / spacing);
}

/** `need`: fewer are of no use; `want`: so many at best. */
export type Ask = { readonly need: number; readonly want: number };
export type Taken = { readonly granted: number; readonly fullAtUs: FullAtUs };

/**
 * Takes units out of a bucket: as many as are wanted and free, none where fewer than needed are free. A need larger than
 * the burst goes through when the bucket is full, once: the debt is waited for before anything else does.
 */
export function takeUnits(rule: RateRule, fullAtUs: FullAtUs, { need, want }: Ask, nowUs: number): Taken {
  const free = freeUnits(rule, fullAtUs, nowUs);
  const granted = need > rule.burst ? (fullAtUs <= nowUs ? need : 0) : free >= need ? Math.min(Math.max(want, need), free) : 0;
  return granted === 0 ? { granted, fullAtUs } : { granted, fullAtUs: Math.max(fullAtUs, nowUs) + granted * spacingUs(rule) };
}

/** How long until so many units can go through, if nobody else takes any; 0: now. */
export function waitUs(rule: RateRule, fullAtUs: FullAtUs, need: number, nowUs: number): number {
  const roomUs = Math.max(rule.burst - need, 0) * spacingUs(rule);
  return Math.max(fullAtUs - roomUs - nowUs, 0);
}
