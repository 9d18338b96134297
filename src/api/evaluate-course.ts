import { findMember } from '../../db/read/ledger.ts';
import { readProgram } from '../../db/read/programs.ts';
import { loadReferralCourses, loadReferrerReferralIds } from '../../db/read/referral-courses.ts';
import { readLimits, tenantZone } from '../../db/read/reward-limits.ts';
import { unitNames } from '../../db/read/tenant-units.ts';
import { inventedFacts } from '../domain/evaluate/invented-facts.ts';
import { lookedAtCaps } from '../domain/evaluate/looked-at-caps.ts';
import { tryCourse } from '../domain/evaluate/try-course.ts';
import { asId, type MemberId, type ProgramId } from '../domain/ids.ts';
import type { Budget } from '../domain/reward/budget.ts';
import type { ReferralCourse, RewardFact } from '../domain/reward/facts.ts';
import { rewardTermsProblems } from '../domain/reward/reward-terms-problems.ts';
import type { RewardTerms } from '../domain/reward/reward-terms.ts';
import type { LimitState } from '../domain/reward/take-limits.ts';
import { iso } from './fields.ts';
import { evaluateBody, type EvaluateIn } from './program-evaluate-body.ts';
import { problem } from './problems.ts';
import type { Problem } from './problems.ts';
import type { Call } from './route.ts';
import { readDomainProblem } from './send-rules.ts';

/** Nobody's: they name people and a referral that are made up. */
const INVENTED = { referrer: asId('mbr', `mbr_${'0'.repeat(25)}1`), referee: asId('mbr', `mbr_${'0'.repeat(25)}2`), referralId: `ref_${'0'.repeat(25)}1` };
/** A referrer who brought more is not counted through for a try. */
const MOST_FRIENDS = 1_000;
/** A try is computed while everybody else waits: each event is looked at by each rule, and with milestones by each friend, at each event. */
const MOST_TRIED = { rules: 1_000, friends: 20_000 };

type Refused = Problem<'not_found' | 'invalid_request' | 'invalid_terms'>;

/** What would come of an invented course of events: by the rules that real ones meet, from what is stored now. Reads without a lock and writes nothing. */
export async function evaluateCourse({ tx, tenantId, now }: Pick<Call, 'tx' | 'tenantId' | 'now'>, programId: ProgramId, body: EvaluateIn) {
  const program = await readProgram(tx, tenantId, programId);
  if (program === null) return problem('not_found');
  const terms = body.rewards ?? program.terms.rewards;
  if (terms === undefined) return wrongTerms('/rewards', 'The program rewards nothing yet: send the terms you want to try.');
  if (body.rewards !== undefined) {
    const problems = rewardTermsProblems(body.rewards, await unitNames(tx, tenantId));
    if (problems.length > 0) return problem('invalid_terms', { errors: problems.map((found) => readDomainProblem(found, '/rewards')) });
  }
  if (terms.rules.length * body.events.length > MOST_TRIED.rules) return tooMuch(MOST_TRIED.rules / terms.rules.length, `${String(terms.rules.length)} rules`);
  const told = inventedFacts(body.events);
  if (told.outcome === 'refused') return problem('invalid_request', { errors: told.problems.map(({ place, message }) => readDomainProblem(message, `/events/${String(place)}`)) });
  const referrer = body.referrer === undefined ? null : await findMember(tx, tenantId, { externalId: body.referrer });
  if (referrer === null && body.referrer !== undefined) return problem('invalid_request', { errors: [{ path: '/referrer', message: 'There is no such member.' }] });
  const referrerId = referrer?.id ?? INVENTED.referrer;
  const others = await friendsOf({ tx, terms, programId, referrerId: referrer?.id ?? null, body });
  if (others.courses.length * body.events.length > MOST_TRIED.friends) return tooMuch(MOST_TRIED.friends / others.courses.length, `milestones and ${String(others.courses.length)} friends`);
  const before = await limitsBefore({ tx, tenantId }, { programId, terms, isDraft: body.rewards !== undefined, referrerId, facts: told.facts });
  const until = body.until ?? told.facts.reduce((last, { at }) => Math.max(last, at), now);
  const course: ReferralCourse = { referralId: INVENTED.referralId, referrerId, refereeId: INVENTED.referee, facts: told.facts, selfReferral: body.selfReferral, underReview: body.underReview };
  const tried = tryCourse({ terms, programId, course, others: others.courses, limits: before, until });
  return {
    kind: 'evaluated' as const,
    body: {
      ...evaluateBody(tried, { who: (id) => (id === referrerId ? 'referrer' : 'new member'), before }),
      termsFrom: body.rewards === undefined ? 'program' as const : 'request' as const,
      from: iso(told.facts.reduce((first, { at }) => Math.min(first, at), until)),
      until: iso(until),
      notes: others.notes,
    },
  };
}

function wrongTerms(path: string, message: string): Refused {
  return problem('invalid_terms', { errors: [{ path, message }] });
}

function tooMuch(most: number, along: string): Refused {
  return problem('invalid_request', { errors: [{ path: '/events', message: `With ${along} at most ${String(Math.floor(most))} events can be tried at once.` }] });
}

type Friends = { courses: readonly ReferralCourse[]; notes: string[] };

/** The referrer's other referrals: made up by number, or those there are. Needed for milestones alone. */
async function friendsOf({ tx, terms, programId, referrerId, body }: { tx: Call['tx']; terms: RewardTerms; programId: ProgramId; referrerId: MemberId | null; body: EvaluateIn }): Promise<Friends> {
  if ((terms.milestones ?? []).length === 0) return { courses: [], notes: [] };
  if (body.friendsBefore !== undefined) return { courses: inventedFriends(body.friendsBefore, referrerId ?? INVENTED.referrer, body.events.reduce((first, { occurredAt }) => Math.min(first, occurredAt), Infinity)), notes: [] };
  if (referrerId === null) return { courses: [], notes: ['Milestones count this friend alone: name a `referrer`, or say in `friendsBefore` how many came before.'] };
  const ids = await loadReferrerReferralIds(tx, [{ programId, referrerId }]);
  if (ids.length > MOST_FRIENDS) return { courses: [], notes: [`The referrer has brought ${String(ids.length)} friends; milestones were not tried. Say in \`friendsBefore\` how many to count.`] };
  return { courses: (await loadReferralCourses(tx, ids)).map(({ course }) => course), notes: [] };
}

/** The first so many signed up, were active and paid, all before the course begins. */
function inventedFriends({ signedUp, activated, converted }: NonNullable<EvaluateIn['friendsBefore']>, referrerId: MemberId, begins: number): ReferralCourse[] {
  return Array.from({ length: Math.max(signedUp, activated, converted) }, (_, n): ReferralCourse => {
    const [id, at] = [`friend-${String(n)}`, begins - 1];
    const facts: RewardFact[] = [
      { kind: 'signed_up', id: `${id}-1`, at },
      ...(n < activated ? [{ kind: 'first_value' as const, id: `${id}-2`, at }] : []),
      ...(n < converted ? [{ kind: 'converted' as const, id: `${id}-3`, at, conversionId: id, amountMinor: 1, currency: 'EUR' }] : []),
    ];
    return { referralId: id, referrerId, refereeId: INVENTED.referee, facts, selfReferral: false, underReview: false };
  });
}

/** Caps and budgets as they stand; a draft's budgets in place of the program's, with what has been given of them. */
async function limitsBefore({ tx, tenantId }: Pick<Call, 'tx' | 'tenantId'>, { programId, terms, isDraft, referrerId, facts }: { programId: ProgramId; terms: RewardTerms; isDraft: boolean; referrerId: MemberId; facts: readonly RewardFact[] }): Promise<LimitState> {
  const zone = await tenantZone(tx, tenantId);
  const { used, budgets } = await readLimits(tx, programId, lookedAtCaps(terms, [referrerId, INVENTED.referee], [...new Set(facts.map(({ at }) => at))], zone));
  const named = new Map((terms.budgets ?? []).map(({ unit, totalMinor }) => [unit, totalMinor]));
  const units = new Set([...budgets.keys(), ...named.keys()]);
  return {
    zone,
    used,
    budgets: new Map([...units].map((unit): [string, Budget] => {
      const { totalMinor = null, reservedMinor = 0, confirmedMinor = 0 } = budgets.get(unit) ?? {};
      const planned = named.get(unit) ?? null;
      return [unit, { totalMinor: isDraft ? planned : totalMinor ?? planned, reservedMinor, confirmedMinor }];
    })),
  };
}
