import { everyRefusal } from '../../src/domain/invite/every-refusal.ts';
import type { Question } from '../../src/domain/invite/every-refusal.ts';
import { asId } from '../../src/domain/ids.ts';
import type { LawfulPlan } from '../../src/domain/invite/lawful-plan.ts';
import { REFUSAL_REASONS } from '../../src/domain/invite/refusal-reasons.ts';

const NOW = Date.parse('2026-06-10T12:00:00Z');
const PLANNED: LawfulPlan = { outcome: 'send_now', sendAt: NOW, permittedUntil: NOW + 1000, why: 'now', law: [] };
const NEVER: LawfulPlan = { outcome: 'expired', sendAt: null, why: 'no time is left', law: [] };
const KEY = 'ab';

/** Somebody against whom everything stands. */
const WORST: Question = {
  candidate: { n: 0, recipientKey: null, consentBasis: null, needsOptIn: true, problem: 'zone: is none', isInviter: true, planKey: 'p' },
  offer: { acceptedBases: ['opt_in'], existingMembers: 'refuse', cap: { rule: { invites: 1, per: 'day', excess: 'refuse' }, zone: 'UTC', used: new Map([['2026-06-10', 1]]) } },
  facts: { suppressed: new Set([KEY]), unanswering: new Set([KEY]), members: new Set([KEY]), cooling: new Map([[KEY, { batchId: asId('bat', 'bat_01kx7m3p9q2r4s5t6v7w8x9y0z'), n: 3 }]]) },
};
const known = (question: Question): Question => ({ ...question, candidate: { ...question.candidate, recipientKey: KEY } });
const reasons = (question: Question, plan: LawfulPlan = PLANNED) => everyRefusal(question, NOW, () => plan).refusals.map(({ reason }) => reason);

test('every reason there is can be named beside all others, in the order of the rules', () => {
  const all = [...reasons(WORST), ...reasons(known(WORST)), ...reasons(known(WORST), NEVER)];
  expect([...new Set(all)].toSorted()).toEqual(Object.keys(REFUSAL_REASONS).toSorted());
  expect(reasons(known(WORST))).toEqual(['invalid_invitee', 'self_invite', 'no_consent', 'suppressed', 'unanswered_cap', 'member_already', 'duplicate_in_cooling_period', 'cap_reached']);
});

test('the plan is the one there would be if nothing stood against it; none where no time is left', () => {
  expect(everyRefusal(known(WORST), NOW, () => PLANNED).planned).toMatchObject({ sendAt: NOW, why: 'now' });
  expect(everyRefusal(known(WORST), NOW, () => NEVER)).toMatchObject({ planned: null });
  expect(everyRefusal(known(WORST), NOW, () => NEVER).refusals.at(-1)).toMatchObject({ reason: 'no_permitted_time', detail: 'no time is left' });
});

test('against whom nothing stands, nothing is named', () => {
  const { candidate, offer, facts } = WORST;
  const fine = { candidate: { ...candidate, recipientKey: 'cd', consentBasis: 'opt_in', problem: null, isInviter: false }, offer: { ...offer, cap: null }, facts };
  expect(everyRefusal(fine, NOW, () => PLANNED).refusals).toEqual([]);
});
