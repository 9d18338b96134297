import { combineSendRules, earlierOf, laterOf } from '../../src/domain/invite/combine-send-rules.ts';
import type { LawfulPlan } from '../../src/domain/invite/lawful-plan.ts';
import { lawFor } from '../../src/domain/law/law-for.ts';
import type { LawBook, LawChannel } from '../../src/domain/law/law-book.ts';
import { recipientPlaces } from '../../src/domain/law/places.ts';
import type { PeakInForce } from '../../src/domain/program/peak-times.ts';
import type { ProgramTerms } from '../../src/domain/program/terms.ts';
import type { LawScope } from '../../src/domain/program/tenant-limits.ts';
import { planAtPeak } from '../../src/domain/send-time/prefer-peak.ts';
import type { SendTimeRules } from '../../src/domain/send-time/send-time-rules.ts';
import type { ZoneOrigin } from '../../src/domain/zone/zone-candidates.ts';
import type { QuietHours } from '../schema/people.ts';

/** What binds a program's messages today: never pinned, so always read afresh. */
export type RulesOfToday = {
  tenantRules: SendTimeRules;
  tenantZone: string;
  /** Of the program's current version. */
  terms: Pick<ProgramTerms, 'sendRules' | 'eventBufferDays'>;
  law: LawBook;
  lawScope: LawScope;
  /** Times worth waiting for, told or learnt; null: none. */
  peak: PeakInForce | null;
};

/** Whoever a message goes to, as far as its time depends on it. */
export type PlanRecipient = {
  zones: readonly string[];
  zoneSource: ZoneOrigin | null;
  /** Where they may be (ISO 3166-1 or -2); empty: to be told from the zones. */
  places: readonly string[];
  memberQuiet: QuietHours | null;
  isMinor: boolean;
  /** By which way the message goes: laws differ. */
  channel: LawChannel;
};

/** From when, not before (both epoch ms) and around which events of the inviter a message may leave. */
export type PlanWhen = { from: number; notBefore?: number | null; expiresAt: number; eventDates: readonly string[] };

/** Plans one message of a program. The law, the tenant, the program and the recipient's own hours must all permit it; within that it waits for a peak. */
export function planFor(today: RulesOfToday, recipient: PlanRecipient, when: PlanWhen): LawfulPlan {
  const { zones, memberQuiet, isMinor } = recipient;
  const law = lawFor(today.law, { places: placesOf(recipient), channel: recipient.channel, isMinor, scope: today.lawScope });
  const rules = combineSendRules({
    law: law.rules,
    tenant: today.tenantRules,
    program: today.terms.sendRules,
    memberQuiet,
    eventDates: when.eventDates,
    eventBufferDays: today.terms.eventBufferDays,
  });
  // What was put off, by a cap or a failed try, has waited: it leaves when it may.
  const peak = when.notBefore == null ? today.peak : null;
  const plan = planAtPeak({
    peak,
    now: when.from,
    zone: null,
    rules: {
      fallbackZone: today.tenantZone, ...rules, zones,
      expiresAt: earlierOf(rules.expiresAt, new Date(when.expiresAt).toISOString()),
      ...(when.notBefore == null ? {} : { notBefore: laterOf(rules.notBefore, new Date(when.notBefore).toISOString()) }),
    },
  });
  return { ...plan, law: law.ruleIds, ...(peak === null ? {} : { peak }) };
}

function placesOf({ places, zones, zoneSource }: PlanRecipient): readonly string[] {
  return places.length > 0 ? places : recipientPlaces({ zones, zoneSource: zoneSource ?? 'tenant' });
}
