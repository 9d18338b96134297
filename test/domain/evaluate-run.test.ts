import { makeId } from '../../src/domain/ids.ts';
import { evaluateRun } from '../../src/domain/reward/evaluate-run.ts';
import { rewardTermsProblems } from '../../src/domain/reward/reward-terms-problems.ts';
import type { RewardRule, RewardTerms } from '../../src/domain/reward/reward-terms.ts';

const AT = Date.parse('2026-06-10T12:00:00Z');
const DAY_MS = 86_400_000;
const id = (n: number) => new Uint8Array(10).fill(n);
const runId = makeId('run', AT, id(1));
const [ana, ben, cora] = [makeId('mbr', AT, id(2)), makeId('mbr', AT, id(3)), makeId('mbr', AT, id(4))];
const shield: RewardRule = { key: 'shield', to: 'both', on: { kind: 'loop', fact: 'rescued' }, give: { kind: 'fixed', unit: 'shield', amountMinor: 1 }, holdDays: 0 };
const terms = (...rules: RewardRule[]): RewardTerms => ({ holdDays: 30, rules });
const grant = { runId, fact: 'rescued', at: AT, memberId: ana, others: [cora, ben, ben] };

test('both sides: the member it was started for, and everybody else in it, each once', () => {
  expect(evaluateRun(terms(shield), grant).map(({ side, memberId, key }) => [side, memberId, key])).toEqual([
    ['referrer', ana, `${runId}/shield/referrer/${ana}/rescued`],
    ['referee', ben, `${runId}/shield/referee/${ben}/rescued`],
    ['referee', cora, `${runId}/shield/referee/${cora}/rescued`],
  ]);
});

test('nobody earns as both sides', () => {
  expect(evaluateRun(terms(shield), { ...grant, others: [ana] }).map(({ memberId }) => memberId)).toEqual([ana]);
});

test('where nobody but the member by another name helped, what is for both is refused; what is for one side is not', () => {
  const alone = { ...grant, others: [ben], same: [ben], isSelfHelp: true };
  expect(evaluateRun(terms(shield), alone)).toEqual([
    expect.objectContaining({ memberId: ana, state: 'refused', reason: 'self_referral' }), expect.objectContaining({ memberId: ben, state: 'refused', reason: 'self_referral' })]);
  expect(evaluateRun(terms({ ...shield, to: 'referrer' }), alone)[0]).toMatchObject({ memberId: ana, state: 'held' });
});

test('of several who helped, one who is the member by another name has nothing', () => {
  expect(evaluateRun(terms(shield), { ...grant, same: [ben] }).map(({ memberId, state }) => [memberId, state])).toEqual([[ana, 'held'], [ben, 'refused'], [cora, 'held']]);
});

test.each<[string, RewardRule, number]>([
  ['one side only', { ...shield, to: 'referee' }, 2],
  ['another fact', { ...shield, on: { kind: 'loop', fact: 'expired' } }, 0],
  ['what a referral earns is none of a run\'s', { ...shield, on: { kind: 'first_value' } }, 0],
])('%s', (_name, rule, count) => {
  expect(evaluateRun(terms(rule), grant)).toHaveLength(count);
});

test('it is held for the rule\'s time, else the terms\', and can be used from then on', () => {
  const { holdDays: _own, ...longer } = shield;
  const [first] = evaluateRun(terms({ ...longer, expiresAfterDays: 7 }), grant);
  expect(first).toMatchObject({ state: 'held', unit: 'shield', amountMinor: 1, earnedAt: AT, holdUntil: AT + 30 * DAY_MS, expiresAt: AT + 37 * DAY_MS });
});

test('outside its time a rule refuses, and says so', () => {
  expect(evaluateRun(terms({ ...shield, validUntil: AT }), grant)[0]).toMatchObject({ state: 'refused', reason: 'window_over' });
  expect(evaluateRun(terms({ ...shield, validFrom: AT, validUntil: AT + 1 }), grant)[0]).toMatchObject({ state: 'held' });
});

test('conditions that a run cannot meet are refused before they are saved', () => {
  const problems = rewardTermsProblems(terms(
    { ...shield, key: 'a', when: { countries: ['DE'] } },
    { ...shield, key: 'b', withinDays: 3 },
    { ...shield, key: 'c', give: { kind: 'percent', basisPoints: 100 } },
    { ...shield, key: 'd', on: { kind: 'loop', fact: 'Not a fact' } },
  ), new Set(['shield']));
  expect(problems.map((problem) => problem.split(':')[0])).toEqual(['rules[0].when', 'rules[1].withinDays', 'rules[2].give.kind', 'rules[3].on.fact']);
});
