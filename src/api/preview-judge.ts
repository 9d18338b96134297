import { readCapUsed } from '../../db/read/cap-used.ts';
import type { Inviter, Offer } from '../../db/read/offer.ts';
import { loadUnanswered } from '../../db/read/unanswered.ts';
import { planFor } from '../../db/write/plan-for.ts';
import { capRuleOf } from '../domain/invite/cap.ts';
import type { RecipientFacts, Refused } from '../domain/invite/decide-invites.ts';
import { everyRefusal } from '../domain/invite/every-refusal.ts';
import type { LawfulPlan } from '../domain/invite/lawful-plan.ts';
import { CONSENT_BASES } from '../domain/invite/refusal-reasons.ts';
import type { ProgramTerms } from '../domain/program/terms.ts';
import type { PreviewCall, PreviewPlan } from './message-preview.ts';
import type { PreviewRecipient } from './preview-recipient.ts';

export type JudgedPreview = { readonly plan: PreviewPlan; readonly refusals: readonly Refused[] };

/** `offer` with the rules of today; `pinned`: the terms whose steps and expiry are shown. */
type Question = { offer: Offer; pinned: ProgramTerms; recipient: PreviewRecipient; inviter: Inviter | null; step: number; now: number };
type Planned = Pick<PreviewPlan, 'sendAt' | 'permittedUntil' | 'why' | 'law'>;

const HOUR_MS = 3_600_000;

/** Plans one step, each message before it taken to leave when planned, and collects what would refuse the invite now. */
export async function judgePreview(call: PreviewCall, { offer, pinned, recipient, inviter, step, now }: Question): Promise<JudgedPreview> {
  const { prepared } = recipient;
  const expiresAt = now + pinned.expiresAfterHours * HOUR_MS;
  const eventDates = inviter?.eventDates ?? [];
  const planAt = (from: number, notBefore: number | null): LawfulPlan => planFor(offer, prepared.plans, { from, notBefore, expiresAt, eventDates });
  const facts = await factsOf(call, offer, recipient, now);
  const { refusals, planned } = everyRefusal(
    {
      candidate: {
        n: 0, recipientKey: keyOf(recipient), consentBasis: prepared.invitee.consent?.basis ?? null,
        needsOptIn: prepared.channel === 'sms' && prepared.known?.wantsSms !== true, problem: prepared.invitee.problem ?? null,
        isInviter: recipient.isInviter, planKey: prepared.planKey,
      },
      offer: {
        acceptedBases: offer.terms.consentBases ?? CONSENT_BASES,
        existingMembers: offer.terms.existingMembers,
        cap: inviter === null ? null : await readCapUsed(call.tx, {
          tenantId: call.tenantId, memberId: inviter.memberId, rule: capRuleOf(offer.terms.cap, offer.limits.cap), zone: offer.tenantZone, now,
        }),
      },
      facts,
    },
    now,
    (_planKey, notBefore) => planAt(now, notBefore),
  );
  let from = now;
  let plan: Planned = planned ?? written(planAt(from, null));
  for (const { afterHours } of pinned.reminders.slice(0, step)) {
    if (plan.sendAt === null) break;
    from = plan.sendAt + afterHours * HOUR_MS;
    plan = written(planAt(from, null));
  }
  const { sendAt, permittedUntil, why, law } = plan;
  return { refusals, plan: { sendAt, permittedUntil, why, law, zones: prepared.plans.zones, zoneSource: prepared.plans.zoneSource, from, acceptedAt: now, expiresAt } };
}

function written(plan: LawfulPlan): Planned {
  return { sendAt: plan.sendAt, permittedUntil: plan.sendAt === null ? null : plan.permittedUntil, why: plan.why, law: plan.law };
}

async function factsOf({ tx, tenantId }: PreviewCall, offer: Offer, recipient: PreviewRecipient, now: number): Promise<RecipientFacts> {
  const { hash, known } = recipient.prepared;
  const key = keyOf(recipient);
  const unanswering = await loadUnanswered(tx, { tenantId, hashes: hash === null ? [] : [hash], most: offer.limits.stopAfterUnanswered, now });
  if (key === null || known === null) return { suppressed: new Set(), members: new Set(), cooling: new Map(), unanswering };
  return {
    suppressed: new Set(known.stopped[recipient.prepared.channel] !== null ? [key] : []),
    members: new Set(known.memberId === null ? [] : [key]),
    cooling: new Map(known.cooling === null ? [] : [[key, known.cooling]]),
    unanswering,
  };
}

function keyOf({ prepared }: PreviewRecipient): string | null {
  return prepared.hash?.toString('hex') ?? null;
}
