import { hasTime } from '../../../src/domain/invite/lawful-plan.ts';
import type { FeedRecipient } from '../../read/feed-recipients.ts';
import type { PushRules } from '../../read/feed-push-rules.ts';
import { planFor } from '../plan-for.ts';

/** A push tells of now: one that may not leave for so long is let go, and the item stays in the feed. */
export const PUSH_WAITS_MS = 24 * 3_600_000;

/** When a push to this member may leave (epoch ms), by the rules of any message of ours; null: not while it is worth it. */
export function planPush(rules: PushRules, recipient: FeedRecipient, { from, until }: { from: number; until: number }): number | null {
  const plan = planFor(
    { ...rules, terms: { sendRules: {} }, peak: null },
    { ...recipient, channel: 'push' },
    { from, expiresAt: until, eventDates: [] },
  );
  return hasTime(plan) ? plan.sendAt : null;
}
