import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { ACCOUNT_KINDS, accountKey, type Account } from '../../src/domain/ledger/accounts.ts';
import { balancesAfter, firstOverdraft } from '../../src/domain/ledger/balances.ts';
import { canonicalBlock, firstBrokenBlock, GENESIS_HASH, type BlockContent, type Sealed, type SealedTransfer } from '../../src/domain/ledger/canonical-block.ts';
import { transfer, type Transfer } from '../../src/domain/ledger/transfer.ts';
import { nettedOf, transfersForPayout, type PayoutChange } from '../../src/domain/ledger/transfers-for-payout.ts';
import { transfersForReward } from '../../src/domain/ledger/transfers-for-reward.ts';
import type { RewardMove } from '../../src/domain/reward/reward-move.ts';
import type { StoredReward } from '../../src/domain/reward/stored-reward.ts';
import { ANA, PROGRAM } from './reward-sample.ts';

const stored = (more: Partial<StoredReward> = {}): StoredReward => ({ key: 'k', generation: 0, memberId: ANA, unit: 'EUR', grantedMinor: 1_000, takenBackMinor: 0, state: 'held', pausedBy: null, inPayout: false, ...more });
const say = (transfers: readonly Transfer[]): string[] => transfers.map(({ debit, credit, amountMinor, unit }) => `${debit.kind} to ${credit.kind} ${String(amountMinor)} ${unit}`);
const which = { key: 'k', generation: 0 };
const reward = { ...which, ruleKey: 'rule', side: 'referrer', memberId: ANA, earnedAt: 1, state: 'held', unit: 'EUR', amountMinor: 1_000, reason: null, pausedBy: null, holdUntil: 1, expiresAt: null } as const;
const takes = (kind: 'void' | 'reverse' | 'reduce', amountMinor: number): RewardMove => ({ ...which, kind, amountMinor, reason: 'not_eligible' });

test.each<[string, RewardMove, Partial<StoredReward>, string[]]>([
  ['a grant sets aside', { ...which, kind: 'grant', reward, amountMinor: 1_000 }, {}, ['program_budget to member_held 1000 EUR']],
  ['a grant under review waits at once', { ...which, kind: 'grant', reward, amountMinor: 1_000 }, { pausedBy: 'review' }, ['program_budget to member_held 1000 EUR', 'member_held to disputes 1000 EUR']],
  ['a release gives what is left', { ...which, kind: 'release' }, { takenBackMinor: 300 }, ['member_held to member_owed 700 EUR']],
  ['a void gives back to the program', takes('void', 1_000), {}, ['member_held to program_budget 1000 EUR']],
  ['a part too', takes('reduce', 400), {}, ['member_held to program_budget 400 EUR']],
  ['a lost dispute gives back from where it waited', takes('void', 1_000), { pausedBy: 'dispute' }, ['disputes to program_budget 1000 EUR']],
  ['a reversal takes what is owed', takes('reverse', 1_000), { state: 'released' }, ['member_owed to program_budget 1000 EUR']],
  ['a reversal of what was paid is a claim on the member', takes('reverse', 1_000), { state: 'paid' }, ['member_clawback to program_budget 1000 EUR']],
  ['and of what was used', takes('reduce', 10), { state: 'redeemed', unit: 'points' }, ['member_clawback to program_budget 10 points']],
  ['of what is just being paid it waits for the end', takes('reduce', 10), { state: 'released', inPayout: true }, ['member_unsettled to program_budget 10 EUR']],
  ['a pause sets apart', { ...which, kind: 'pause', by: 'dispute' }, { state: 'released' }, ['member_owed to disputes 1000 EUR']],
  ['and its end gives back where it was', { ...which, kind: 'resume' }, { state: 'released', pausedBy: 'dispute' }, ['disputes to member_owed 1000 EUR']],
  ['what is used is used', { ...which, kind: 'redeem' }, { state: 'released', unit: 'shield' }, ['member_owed to redeemed 1000 shield']],
  ['what expired is forfeited', { ...which, kind: 'expire' }, { state: 'released' }, ['member_owed to forfeits 1000 EUR']],
  ['that it was paid the payout has booked', { ...which, kind: 'pay' }, { state: 'released', inPayout: true }, []],
])('%s', (_name, move, more, expected) => {
  expect(say(transfersForReward(move, { reward: stored(more), programId: PROGRAM }))).toEqual(expected);
});

test('nothing can be booked of a reward of which nothing is left', () => {
  for (const state of ['voided', 'expired', 'reversed'] as const) {
    expect(() => transfersForReward(takes('reverse', 1), { reward: stored({ state }), programId: PROGRAM })).toThrow(`nothing is left of a reward that is ${state}`);
  }
});

test.each<[string, PayoutChange, number, string[]]>([
  ['when approved the member can no longer use it', { kind: 'approved' }, 0, ['member_owed to in_transit 1000 EUR']],
  ['what the member owes is kept back', { kind: 'approved' }, 300, ['member_owed to member_clawback 300 EUR', 'member_owed to in_transit 700 EUR']],
  ['all of it, if need be: then nothing is sent', { kind: 'approved' }, 1_000, ['member_owed to member_clawback 1000 EUR']],
  ['completed it is gone', { kind: 'completed', takenBackMinor: 0 }, 300, ['in_transit to cash_out 700 EUR']],
  ['what was taken back meanwhile is now a claim', { kind: 'completed', takenBackMinor: 50 }, 0, ['in_transit to cash_out 1000 EUR', 'member_clawback to member_unsettled 50 EUR']],
  ['failed it is the member\'s again, and so is the debt', { kind: 'failed', takenBackMinor: 0 }, 300, ['in_transit to member_owed 700 EUR', 'member_clawback to member_owed 300 EUR']],
  ['less what was taken back meanwhile', { kind: 'canceled', takenBackMinor: 50 }, 0, ['in_transit to member_owed 1000 EUR', 'member_owed to member_unsettled 50 EUR']],
])('a payout: %s', (_name, change, nettedMinor, expected) => {
  expect(say(transfersForPayout(change, { memberId: ANA, unit: 'EUR', rewardsMinor: 1_000, nettedMinor }))).toEqual(expected);
});

test.each([[1_000, 0, 0], [1_000, 300, 300], [1_000, 5_000, 1_000], [0, 5, 0], [1_000, -5, 0]])('of %i with a debt of %i, %i is kept back', (rewards, owes, netted) => {
  expect(nettedOf(rewards, owes)).toBe(netted);
});

const HELD: Account = { kind: 'member_held', ownerId: ANA };
const BUDGET: Account = { kind: 'program_budget', ownerId: PROGRAM };

test('a transfer is above zero, whole, and between two accounts that can be', () => {
  for (const amountMinor of [0, -1, 1.5, 2 ** 53, Number.NaN]) expect(() => transfer(BUDGET, HELD, 'EUR', amountMinor)).toThrow(RangeError);
  expect(() => transfer(HELD, HELD, 'EUR', 1)).toThrow('a transfer from member_held to itself');
  expect(() => transfer({ kind: 'disputes', ownerId: ANA }, HELD, 'EUR', 1)).toThrow('disputes with the owner');
  expect(() => transfer({ kind: 'member_owed', ownerId: '' }, HELD, 'EUR', 1)).toThrow('member_owed with the owner ""');
});

test('balances are kept by account and unit, and always sum to nothing', () => {
  const balances = balancesAfter([transfer(BUDGET, HELD, 'EUR', 5), transfer(BUDGET, HELD, 'points', 7), transfer(HELD, BUDGET, 'EUR', 2)]);
  expect(balances).toEqual(new Map([[accountKey(BUDGET, 'EUR'), -3], [accountKey(HELD, 'EUR'), 3], [accountKey(BUDGET, 'points'), -7], [accountKey(HELD, 'points'), 7]]));
});

test('the first transfer that takes what is not there is named, a budget\'s only beyond the budget', () => {
  const transfers = [transfer(BUDGET, HELD, 'EUR', 5), transfer(HELD, { kind: 'disputes', ownerId: '' }, 'EUR', 6)];
  expect(firstOverdraft(transfers)).toEqual({ account: HELD, unit: 'EUR', balanceMinor: -1, place: 1 });
  expect(firstOverdraft(transfers.slice(0, 1), new Map([[accountKey(BUDGET, 'EUR'), 5]]))).toBeNull();
  expect(firstOverdraft(transfers.slice(0, 1), new Map([[accountKey(BUDGET, 'EUR'), 4]]))).toMatchObject({ account: BUDGET, balanceMinor: -5, place: 0 });
  expect(firstOverdraft(transfers.slice(0, 1), new Map([[accountKey(BUDGET, 'EUR'), 5]]), new Map([[accountKey(BUDGET, 'EUR'), -1]]))).toMatchObject({ place: 0 });
});

test('only what a program gives and what members owe may be below zero', () => {
  expect(Object.entries(ACCOUNT_KINDS).filter(([, { mayBeNegative }]) => mayBeNegative).map(([kind]) => kind)).toEqual(['program_budget', 'member_clawback', 'member_unsettled']);
});

const sha256 = (text: string): string => createHash('sha256').update(text, 'ascii').digest('hex');
const sealedTransfer = (sequence: number, more: Partial<SealedTransfer> = {}): SealedTransfer =>
  ({ sequence, id: `trf_${String(sequence)}`, debitAccountId: 'acc_1', creditAccountId: 'acc_2', unit: 'EUR', amountMinor: 5, bookedAt: 1_780_000_000_000, ...more });
const block = (more: Partial<BlockContent> = {}): BlockContent => ({ tenantId: 'tnt_1', number: 1, previousHash: GENESIS_HASH, transfers: [sealedTransfer(1), sealedTransfer(2)], ...more });

test('a block\'s text is what it always was: a change of it would break every chain', () => {
  expect(canonicalBlock(block())).toBe([
    'flywheel-ledger-block/1', 'tnt_1', '1', GENESIS_HASH, '2',
    '1 trf_1 acc_1 acc_2 EUR 5 1780000000000',
    '2 trf_2 acc_1 acc_2 EUR 5 1780000000000',
  ].join('\n'));
});

test.each<[string, Partial<BlockContent>]>([
  ['no transfer', { transfers: [] }],
  ['a transfer twice', { transfers: [sealedTransfer(1), sealedTransfer(1)] }],
  ['an id with a space', { transfers: [sealedTransfer(1, { id: 'a b' })] }],
  ['a unit with a line\'s end', { transfers: [sealedTransfer(1, { unit: 'EUR\nx' })] }],
  ['an address for an id', { transfers: [sealedTransfer(1, { debitAccountId: 'ana@example.com' })] }],
  ['an amount of nothing', { transfers: [sealedTransfer(1, { amountMinor: 0 })] }],
  ['a second block that follows nothing', { number: 2 }],
  ['a first block that follows something', { previousHash: 'a'.repeat(64) }],
  ['a hash that is none', { previousHash: 'A'.repeat(64), number: 2 }],
])('a block with %s cannot be sealed', (_name, more) => {
  expect(() => canonicalBlock(block(more))).toThrow(Error);
});

const fields = fc.record({ id: fc.stringMatching(/^[a-z0-9_.:-]{1,6}$/), debitAccountId: fc.constantFrom('a', 'b'), creditAccountId: fc.constantFrom('a', 'b', 'ab'), unit: fc.constantFrom('EUR', 'xp'), amountMinor: fc.integer({ min: 1, max: 30 }), bookedAt: fc.integer({ min: 1, max: 30 }) });
const contents = fc.uniqueArray(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 4 })
  .chain((sequences) => fc.tuple(...sequences.map((sequence) => fields.map((rest): SealedTransfer => ({ sequence, ...rest })))));

test('the order in which transfers are read does not matter, and two different blocks never share a text', () => {
  const sorted = (transfers: readonly SealedTransfer[]): SealedTransfer[] => transfers.toSorted((a, b) => a.sequence - b.sequence);
  fc.assert(fc.property(contents, contents, (one, other) => {
    expect(canonicalBlock(block({ transfers: one.toReversed() }))).toBe(canonicalBlock(block({ transfers: one })));
    const same = JSON.stringify(sorted(one).map((t) => Object.values(t))) === JSON.stringify(sorted(other).map((t) => Object.values(t)));
    expect(canonicalBlock(block({ transfers: one })) === canonicalBlock(block({ transfers: other }))).toBe(same);
  }));
});

function chainOf(groups: readonly (readonly SealedTransfer[])[]): Sealed[] {
  const chain: Sealed[] = [];
  for (const [index, transfers] of groups.entries()) {
    const content = block({ number: index + 1, previousHash: chain.at(-1)?.hash ?? GENESIS_HASH, transfers });
    chain.push({ ...content, hash: sha256(canonicalBlock(content)) });
  }
  return chain;
}

test('a whole chain is whole, also where a transfer committed late', () => {
  expect(firstBrokenBlock(chainOf([[sealedTransfer(1), sealedTransfer(3)], [sealedTransfer(2), sealedTransfer(4)]]), sha256)).toBeNull();
  expect(firstBrokenBlock([], sha256)).toBeNull();
});

test.each<[string, (chain: Sealed[]) => Sealed[], number]>([
  ['an amount is changed', (chain) => chain.map((one, n) => (n === 1 ? { ...one, transfers: [sealedTransfer(2, { amountMinor: 6 })] } : one)), 2],
  ['an amount is made impossible', (chain) => chain.map((one, n) => (n === 1 ? { ...one, transfers: [sealedTransfer(2, { amountMinor: -6 })] } : one)), 2],
  ['a transfer is left out', (chain) => chain.map((one, n) => (n === 1 ? { ...one, transfers: [] } : one)), 2],
  ['a block is left out', (chain) => chain.filter((_, n) => n !== 1), 2],
  ['the first block is left out', (chain) => chain.slice(1), 1],
  ['two blocks change places', ([a, b, c]) => [a, c, b].flatMap((one) => one ?? []), 2],
  ['a block is sealed anew without those after it', (chain) => chain.map((one, n) => (n === 0 ? { ...one, hash: sha256('x') } : one)), 1],
  ['a transfer is sealed twice', () => chainOf([[sealedTransfer(1)], [sealedTransfer(1)]]), 2],
])('a chain in which %s is found out', (_name, tamper, expected) => {
  expect(firstBrokenBlock(tamper(chainOf([[sealedTransfer(1)], [sealedTransfer(2)], [sealedTransfer(3)]])), sha256)).toBe(expected);
});
