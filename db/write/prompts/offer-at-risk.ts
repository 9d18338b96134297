import { newId } from '../../../src/config/new-id.ts';
import type { NewFeedItem } from '../../../src/domain/feed/new-feed-item.ts';
import type { PromptId, TenantId } from '../../../src/domain/ids.ts';
import { decidePrompt, type PromptDecision } from '../../../src/domain/prompt/decide-prompt.ts';
import type { LoopPrompt, MomentData, PromptWords } from '../../../src/domain/prompt/loop-prompt.ts';
import { dateText, dayAt } from '../../../src/domain/streak/local-calendar.ts';
import { knownZone } from '../../../src/domain/streak/practice.ts';
import type { Tx } from '../../client.ts';
import { readOfferedMembers, type OfferedMember, type OfferedProgram, type StreakOffering } from '../../read/streak-offering.ts';
import type { StreakAtRisk } from '../../read/streaks-at-risk.ts';
import { queueFeedItems } from '../feed/queue-feed-items.ts';
import { lockMembers } from '../lock-people.ts';
import { planFor } from '../plan-for.ts';
import { insertOffers } from './insert-offers.ts';

export const STREAK_AT_RISK = 'streak_at_risk';

type Decided = Extract<PromptDecision, { kind: 'prompt' }>;
type Saying = (decision: Decided, locale: string | null, data: MomentData) => PromptWords;

export type OfferingAtRisk = {
  readonly tenantId: TenantId;
  /** A page of them. */
  readonly atRisk: readonly StreakAtRisk[];
  readonly offering: StreakOffering;
  /** By the keys of their loops: when they may be offered. */
  readonly loops: ReadonlyMap<string, LoopPrompt>;
  /** How long before its end (ms) a streak is at risk to this program. */
  readonly atRiskMs: (program: OfferedProgram) => number;
  readonly say: Saying;
  readonly now: number;
};

/** How a program's window is judged for many at once: once for all who have the same clocks and hours. */
type Windows = Map<string, boolean>;
type Offer = { readonly id: PromptId; readonly streak: StreakAtRisk; readonly momentId: string; readonly decision: Decided; readonly program: OfferedProgram; readonly words: PromptWords; readonly expiresAt: number };

/**
 * Offers members whose streaks are at risk what fits, as asking for each of them would, but only in hours in which they may be written to,
 * and shows it in their feeds: nothing of it waits for a better hour, for the streak does not. Once a member, streak and day of theirs, whatever is
 * repeated: the second finds the first's row. A fixed number of statements, whatever the count; locks the members.
 */
export async function offerAtRisk(tx: Tx, asked: OfferingAtRisk): Promise<{ offered: number }> {
  const { tenantId, atRisk, offering, say, now } = asked;
  const memberIds = [...new Set(atRisk.map(({ memberId }) => memberId))];
  if (memberIds.length === 0) return { offered: 0 };
  // As a single decision does: of two moments at once one knows of the other.
  await lockMembers(tx, memberIds);
  const members = await readOfferedMembers(tx, { tenantId, memberIds, now });
  const windows: Windows = new Map();
  const taken = new Set<string>();
  const offers = atRisk.flatMap((streak): Offer[] => {
    const member = members.get(streak.memberId);
    if (member === undefined || taken.has(streak.memberId)) return [];
    const decided = decideFor(asked, { streak, member, windows });
    if (decided === null) return [];
    taken.add(streak.memberId); // two streaks of one member are asked about one after the other
    const { program, decision } = decided;
    const words = say(decision, member.locale, dataOf(streak));
    return [{ id: newId('prm', now), streak, momentId: momentIdOf(streak), decision, program, words, expiresAt: Math.min(decision.expiresAt, streak.endsAt) }];
  });
  const fresh = await keepFresh(tx, tenantId, offers, now);
  await queueFeedItems(tx, { tenantId, items: fresh.map((offer) => itemOf(offer, offering.home)), now });
  return { offered: fresh.length };
}

/** `practice:2026-06-10`: the streak and the day of the member's that it would miss. */
export function momentIdOf({ streak, endsAt, zone }: Pick<StreakAtRisk, 'streak' | 'endsAt' | 'zone'>): string {
  return `${streak}:${dateText(dayAt(knownZone(zone), endsAt - 1))}`;
}

function dataOf({ current }: StreakAtRisk): MomentData {
  return { streakDays: current };
}

function decideFor({ offering: { programs, limits, rules }, loops, atRiskMs, now }: OfferingAtRisk, { streak, member, windows }: { streak: StreakAtRisk; member: OfferedMember; windows: Windows }): { decision: Decided; program: OfferedProgram } | null {
  const mayBeOffered = (program: OfferedProgram): boolean => {
    if (streak.endsAt - now > atRiskMs(program) || member.inAppOff.some((topic) => topic === '*' || topic === program.topic)) return false;
    const { zones, zoneSource, places, memberQuiet, isMinor } = member;
    const key = JSON.stringify([program.programId, zones, zoneSource, places, memberQuiet, isMinor]);
    const known = windows.get(key);
    if (known !== undefined) return known;
    const plan = planFor({ ...rules, terms: program.terms, peak: null }, { zones, zoneSource, places, memberQuiet, isMinor, channel: 'push' }, { from: now, expiresAt: streak.endsAt, eventDates: [] });
    windows.set(key, plan.outcome === 'send_now');
    return plan.outcome === 'send_now';
  };
  const fitting = programs.filter(mayBeOffered);
  if (fitting.length === 0) return null;
  const decision = decidePrompt({
    moment: STREAK_AT_RISK, data: dataOf(streak), personId: member.memberId, isMinor: member.isMinor, parentAllows: member.parentAllows, history: member.history, limits, now,
    candidates: fitting.flatMap((program) => {
      const prompt = loops.get(program.loop);
      const { programId, programVersion, loop, shown, accepted } = program;
      return prompt === undefined ? [] : [{ programId, programVersion, loop, prompt, terms: program.prompt ?? {}, shown, accepted }];
    }),
  });
  const program = decision.kind === 'none' ? undefined : fitting.find(({ programId }) => programId === decision.candidate.programId);
  return decision.kind === 'none' || program === undefined ? null : { decision, program };
}

/** Those that were not there. */
async function keepFresh(tx: Tx, tenantId: TenantId, offers: readonly Offer[], now: number): Promise<Offer[]> {
  if (offers.length === 0) return [];
  const rows = offers.map(({ id, streak: { memberId }, program: { programId, programVersion }, momentId, decision: { variant }, words, expiresAt }) => (
    { id, memberId, programId, programVersion, moment: STREAK_AT_RISK, momentId, variant, words, decidedAt: now, expiresAt }));
  const inserted = await insertOffers(tx, tenantId, rows, tx.sql`on conflict (member_id, moment, moment_id) do nothing`);
  const ids = new Set(inserted.map(({ id }) => id));
  return offers.filter(({ id }) => ids.has(id));
}

/** The same words, where the member looks; the device is told, too, for the hour is one that permits it. */
function itemOf({ id, streak: { memberId }, momentId, program, words, expiresAt }: Offer, home: string): NewFeedItem {
  const url = new URL(program.destination ?? home);
  url.searchParams.set('promptId', id);
  return {
    key: `${STREAK_AT_RISK}:${momentId}`, kind: 'prompt', memberId, programId: program.programId, topic: program.topic, deepLink: url.href, expiresAt, push: true,
    content: { kind: 'words', title: words.title, body: words.body, callToAction: words.accept },
  };
}
