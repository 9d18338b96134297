import type { RateRule } from '../limits/rate-rule.ts';
import type { Tier } from '../limits/tiers.ts';

/** Messages a minute by channel; a channel left out has its tier's. */
export type MessagesPerMinute = { readonly email?: number | undefined; readonly sms?: number | undefined };

export const MOST_MESSAGES_PER_MINUTE = 600_000;

/** What a tenant may send a minute unless it sets less; null: as fast as it goes. */
const BY_TIER: Readonly<Record<Tier, Readonly<Record<keyof MessagesPerMinute, number>> | null>> = {
  free: { email: 300, sms: 30 },
  growth: { email: 6_000, sms: 600 },
  scale: null,
  unlimited: null,
};

/** A tenant's messages a minute on a channel: its own number, never above its tier's; null: no limit. */
export function messagesPerMinuteOf(tier: Tier, own: MessagesPerMinute | undefined, channel: keyof MessagesPerMinute): number | null {
  const [most, wanted] = [BY_TIER[tier]?.[channel], own?.[channel]];
  if (most === undefined) return wanted ?? null;
  return wanted === undefined ? most : Math.min(wanted, most);
}

/**
 * So many in any span of `windowSeconds`, wherever it begins, spread evenly: one of `parts` of them at once. What may go at
 * once is taken off the steady rate, so that the number is kept to the letter (see rate-rule.ts for the bound).
 */
export function evenRate(name: string, most: number, windowSeconds: number, parts: number): RateRule {
  const burst = Math.max(1, Math.floor(most / parts));
  return { name, quota: most - burst + 1, windowSeconds, burst };
}
