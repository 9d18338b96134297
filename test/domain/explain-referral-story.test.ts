import type { ReferralStoryFacts, RewardStoryFact, TransferFact } from '../../src/domain/explain/referral/facts.ts';
import { tellReferral } from '../../src/domain/explain/referral/story.ts';
import { asId } from '../../src/domain/ids.ts';

const id = (place: string): string => `01kx7m3p9q2r4s5t6v7w8x9y${place}`;
const DAY_MS = 86_400_000;
const SIGNED_UP_AT = Date.parse('2026-06-01T10:00:00Z');
const PAID_AT = SIGNED_UP_AT + DAY_MS;
const HOLD_UNTIL = PAID_AT + 30 * DAY_MS;
const [ANA, BEN, CAI] = [`mbr_${id('0a')}`, `mbr_${id('0b')}`, `mbr_${id('0c')}`];
const REWARD = asId('rew', `rew_${id('01')}`);
const PROGRAM = asId('prg', `prg_${id('01')}`);

const reward: RewardStoryFact = {
  id: REWARD, memberId: ANA, side: 'referrer', ruleKey: 'first_payment', generation: 0, unit: 'EUR', grantedMinor: 735, takenBackMinor: 0, state: 'held', pausedBy: null, reason: null,
  earnedAt: PAID_AT, holdUntil: HOLD_UNTIL, expiresAt: null, payoutId: null, createdAt: PAID_AT,
};
const transfer = (sequence: number, move: string, more: Partial<TransferFact>): TransferFact => ({
  id: `${REWARD}:${move}:0`, sequence, rewardId: REWARD, move, debit: 'program_budget', credit: 'member_held', unit: 'EUR', amountMinor: 735, bookedAt: PAID_AT + sequence, ...more,
});
const facts: ReferralStoryFacts = {
  referral: {
    id: asId('ref', `ref_${id('01')}`), programId: PROGRAM, programTitle: 'Study together', programVersion: 1, referrerId: ANA, refereeId: BEN, claimId: 'tch_1', confidence: 'high', acquisition: true,
    state: 'qualified', selfReferral: false, underReview: false, signedUpAt: SIGNED_UP_AT, createdAt: SIGNED_UP_AT,
  },
  claims: [
    { id: 'tch_1', kind: 'click_id', programId: PROGRAM, referrerId: ANA, at: SIGNED_UP_AT - 3_600_000, outcome: 'credited', reason: null, sameBy: null, toClaimId: null, decidedAt: SIGNED_UP_AT },
    { id: 'tch_0', kind: 'same_visitor', programId: PROGRAM, referrerId: CAI, at: SIGNED_UP_AT - 2 * DAY_MS, outcome: 'lost', reason: 'outranked', sameBy: null, toClaimId: 'tch_1', decidedAt: SIGNED_UP_AT },
  ],
  events: [{ eventId: 'signup-1', type: 'signed_up', occurredAt: SIGNED_UP_AT, receivedAt: SIGNED_UP_AT + 2 * DAY_MS }],
  payments: [{ id: `pay_${id('01')}`, amountMinor: 4_900, currency: 'EUR', product: null, paidAt: PAID_AT, eventId: 'order-1' }],
  changes: [],
  rewards: [reward],
  refusals: [{ key: 'k', memberId: BEN, side: 'referee', ruleKey: 'first_payment', reason: 'cap_reached', detail: 'The program gives one person 1 rewards in all; 1 are given.', at: PAID_AT }],
  transfers: [transfer(1, 'grant', {})],
  payouts: [{ payoutId: `pyt_${id('01')}`, rewardId: REWARD, amountMinor: 735, state: 'completed', approvedAt: HOLD_UNTIL, endedAt: HOLD_UNTIL + DAY_MS }],
  decisions: [{ id: `dec_${id('01')}`, subjectId: REWARD, kind: 'reward_hold_changed', rule: 'asked by ana@friends.example', inputs: { email: 'ana@friends.example' }, actor: 'key_1', at: PAID_AT + DAY_MS }],
  run: { generation: 2, stage: 'holding', dueAt: HOLD_UNTIL, capAt: null, pausedAt: null, outcome: null, reason: null, openedAt: SIGNED_UP_AT, closedAt: null },
};

test('a referral\'s story goes by time, causes first, with the amount, the hold and every claim that lost', () => {
  const { entries, now } = tellReferral(facts, PAID_AT + 2 * DAY_MS);
  expect(entries.map(({ kind }) => kind)).toEqual(['claimed', 'claimed', 'signed_up', 'credited', 'not_credited', 'run_began', 'paid', 'not_given', 'held', 'decided', 'in_payout', 'paid_out']);
  expect(entries.map(({ title }) => title)).toEqual(expect.arrayContaining([
    'A visit that the sign-up named speaks for member ' + ANA + '.',
    `Member ${CAI} has no credit by it: outranked.`,
    'The referee paid 49.00 EUR.',
    '7.35 EUR were paid to the referrer.',
    'The referrer earned 7.35 EUR: held until Thu 2 July 10:00 UTC.',
    'The referee gets nothing by the rule first_payment: cap_reached.',
    'Its run began again, for the 2. time.',
  ]));
  expect(now).toEqual({ state: 'qualified', paused: false, nextAt: HOLD_UNTIL, waitsFor: 'the end of the hold Thu 2 July 10:00 UTC; then 7.35 EUR for the referrer are released, unless a refund or a dispute comes before' });
});

test('a fact that was told days late says so', () => {
  expect(tellReferral(facts, PAID_AT).entries.find(({ kind }) => kind === 'signed_up')?.rule).toBe('The app told it later; it counts by its own time.');
});

test('what somebody typed as a reason is told without addresses', () => {
  expect(JSON.stringify(tellReferral(facts, PAID_AT))).not.toContain('friends.example');
});

test.each<[string, Partial<ReferralStoryFacts>, string]>([
  ['a dispute', { rewards: [{ ...reward, pausedBy: 'dispute' }] }, 'the end of a dispute: 7.35 EUR for the referrer wait for it'],
  ['a pause', { run: { generation: 1, stage: 'holding', dueAt: HOLD_UNTIL, capAt: null, pausedAt: PAID_AT, outcome: null, reason: null, openedAt: PAID_AT, closedAt: null } }, 'somebody who resumes it: its run is paused since Tue 2 June 10:00 UTC, and nothing is released meanwhile'],
  ['its run and the sweep', { rewards: [{ ...reward, holdUntil: PAID_AT }] }, 'the end of the hold Tue 2 June 10:00 UTC, which is over: its run or the sweep releases it within minutes; then 7.35 EUR for the referrer are released, unless a refund or a dispute comes before'],
  ['nothing', { rewards: [], run: null }, 'nothing: nothing is held and nothing is to come; a later fact lets it begin again'],
  ['a payment', { rewards: [], referral: { ...facts.referral, state: 'activated' } }, 'a payment of the referee'],
])('a referral that waits for %s says so', (_what, change, sentence) => {
  expect(tellReferral({ ...facts, ...change }, PAID_AT + 1).now.waitsFor).toBe(sentence);
});

test.each(['pause', 'resume', 'release', 'reduce', 'void', 'reverse', 'redeem', 'expire'])('the move %s is told with its amount', (move) => {
  const told = tellReferral({ ...facts, transfers: [transfer(2, move, { amountMinor: 100, debit: 'member_held', credit: 'member_owed' })] }, PAID_AT + 5);
  expect(told.entries.find(({ source }) => source.kind === 'transfer')?.title).toMatch(/1\.00 EUR/);
});
