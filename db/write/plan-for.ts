import { combineSendRules, earlierOf } from '../../src/domain/invite/combine-send-rules.ts';
import { planSend, type SendPlan } from '../../src/domain/send-time/plan-send.ts';
import type { Offer } from '../read/offer.ts';
import type { QuietHours } from '../schema/people.ts';

/** Plans one message of a program for a recipient in `zones`; instants in epoch ms. */
export function planFor(
  offer: Pick<Offer, 'tenantRules' | 'terms' | 'tenantZone'>,
  eventDates: readonly string[],
  zones: readonly string[],
  memberQuiet: QuietHours | null,
  from: number,
  expiresAt: number,
): SendPlan {
  const rules = combineSendRules({
    tenant: offer.tenantRules,
    program: offer.terms.sendRules,
    memberQuiet,
    eventDates,
    eventBufferDays: offer.terms.eventBufferDays,
  });
  return planSend({
    now: from,
    zone: null,
    rules: { fallbackZone: offer.tenantZone, ...rules, zones, expiresAt: earlierOf(rules.expiresAt, new Date(expiresAt).toISOString()) },
  });
}
