import fc from 'fast-check';
import { claimedAt, type Claim, type ClaimKind } from '../../src/domain/credit/claim.ts';
import { creditRuleProblems, DEFAULT_CREDIT_RULE, type CreditRule, type CreditRules } from '../../src/domain/credit/credit-rule.ts';
import { decideCredit, type CreditDecision, type SignUp } from '../../src/domain/credit/decide-credit.ts';
import { sameBy, type Person } from '../../src/domain/credit/same-person.ts';
import { asId, type MemberId, type ProgramId } from '../../src/domain/ids.ts';

const DAY_MS = 86_400_000;
const WEEK_MS = 7 * DAY_MS;
const NOW = Date.parse('2026-06-10T12:00:00Z');
const mbr = (n: number): MemberId => asId('mbr', `mbr_${'0'.repeat(25)}${String(n)}`);
const prg = (n: number): ProgramId => asId('prg', `prg_${'0'.repeat(25)}${String(n)}`);
const [ANA, BEN, REFEREE] = [mbr(1), mbr(2), mbr(9)];
const [FRIENDS, TEAMS] = [prg(1), prg(2)];

const claim = (id: string, more: Partial<Claim> = {}): Claim => ({ id, kind: 'click_id', programId: FRIENDS, referrerId: ANA, at: NOW - DAY_MS, ...more });
const rules = (friends: Partial<CreditRule> = {}, teams: Partial<CreditRule> = {}): CreditRules =>
  new Map([[FRIENDS, { ...DEFAULT_CREDIT_RULE, ...friends }], [TEAMS, { ...DEFAULT_CREDIT_RULE, ...teams }]]);
const signUp = (more: Partial<SignUp> = {}): SignUp => ({ at: NOW, referee: { memberId: REFEREE }, referrers: new Map(), broughtByReferee: new Set(), creditedBefore: false, ...more });
const say = ({ credited, lost }: CreditDecision): string[] =>
  [...credited.map((one) => `${one.claimId} ${one.acquisition ? 'acquired' : 'beside'}`), ...lost.map((one) => `${one.claimId} ${one.reason}${one.to === undefined ? '' : ` to ${one.to}`}`)].toSorted();

test.each<[string, Claim[], CreditRules, string[]]>([
  ['one click is credited', [claim('a')], rules(), ['a acquired']],
  ['nothing is credited for nothing', [], rules(), []],
  ['a typed code beats a later click', [claim('a', { kind: 'typed_code', at: NOW - 5 * DAY_MS }), claim('b', { referrerId: BEN, at: NOW - 1 })], rules(), ['a acquired', 'b outranked to a']],
  ['a typed code beats a click where the first counts', [claim('a', { kind: 'typed_code' }), claim('b', { at: NOW - 3 * DAY_MS })], rules({ prefers: 'first' }), ['a acquired', 'b outranked to a']],
  ['the last click is credited', [claim('a', { at: NOW - 2 }), claim('b', { referrerId: BEN, at: NOW - 1 })], rules(), ['a outranked to b', 'b acquired']],
  ['the first click is credited where the program says so', [claim('a', { at: NOW - 2 }), claim('b', { referrerId: BEN, at: NOW - 1 })], rules({ prefers: 'first' }), ['a acquired', 'b outranked to a']],
  ['the first click outside the window does not count as the first', [claim('a', { at: NOW - 8 * DAY_MS }), claim('b', { at: NOW - 3 })], rules({ prefers: 'first' }), ['a window_over', 'b acquired']],
  ['a guess by network never beats a named visit, however late', [claim('a'), claim('b', { kind: 'same_network', referrerId: BEN, at: NOW })], rules(), ['a acquired', 'b outranked to a']],
  ['a guess by network counts where nothing else speaks', [claim('b', { kind: 'same_network' })], rules(), ['b acquired']],
  ['of two visits at one instant the surer counts', [claim('a', { kind: 'same_visitor' }), claim('b', { kind: 'click_id', referrerId: BEN })], rules(), ['a outranked to b', 'b acquired']],
  ['of two equal ones the smaller id counts', [claim('b'), claim('a', { referrerId: BEN })], rules(), ['a acquired', 'b outranked to a']],
  ['another program\'s claim is kept as credited elsewhere', [claim('a', { at: NOW - 2 }), claim('b', { programId: TEAMS, at: NOW - 1 })], rules(), ['a credited_elsewhere to b', 'b acquired']],
  ['across programs a typed code beats a later click', [claim('a', { kind: 'typed_code', at: NOW - 2 }), claim('b', { programId: TEAMS, at: NOW - 1 })], rules(), ['a acquired', 'b credited_elsewhere to a']],
  ['across programs the last counts, whatever each prefers within', [claim('a', { at: NOW - 5 }), claim('b', { programId: TEAMS, at: NOW - 1 })], rules({ prefers: 'first' }, { prefers: 'first' }), ['a credited_elsewhere to b', 'b acquired']],
  ['a stackable program credits beside, and takes nothing away', [claim('a', { at: NOW - 2 }), claim('b', { programId: TEAMS, referrerId: BEN, at: NOW - 1 })], rules({}, { stackable: true }), ['a acquired', 'b beside']],
  ['where only stackable programs claim, one acquires', [claim('a', { at: NOW - 2 }), claim('b', { programId: TEAMS, at: NOW - 1 })], rules({ stackable: true }, { stackable: true }), ['a beside', 'b acquired']],
  ['what is credited by no program that is open is kept', [claim('a'), claim('b', { programId: prg(7) })], rules({ closedAt: NOW }), ['a program_closed', 'b program_closed']],
  ['a program that closes a moment later still credits', [claim('a')], rules({ closedAt: NOW + 1 }), ['a acquired']],
  ['one visit found in two ways speaks once, in the stronger', [claim('a', { kind: 'same_network' }), claim('a', { kind: 'click_id' })], rules(), ['a acquired']],
])('%s', (_name, claims, given, expected) => {
  expect(say(decideCredit(claims, given, signUp()))).toEqual(expected);
  expect(say(decideCredit(claims.toReversed(), given, signUp()))).toEqual(expected);
});

test.each<[string, number, string]>([
  ['a window and a millisecond before', -WEEK_MS - 1, 'a window_over'],
  ['exactly a window before', -WEEK_MS, 'a window_over'],
  ['a millisecond less than a window before', -WEEK_MS + 1, 'a acquired'],
  ['at the instant of the sign-up', 0, 'a acquired'],
  ['a millisecond after the sign-up', 1, 'a after_sign_up'],
])('a visit %s: the window is half-open, to the millisecond', (_name, offsetMs, expected) => {
  expect(say(decideCredit([claim('a', { kind: 'same_visitor', at: NOW + offsetMs })], rules(), signUp()))).toEqual([expected]);
});

test('what the sign-up itself carried came before it, though our clock says otherwise', () => {
  for (const kind of ['typed_code', 'click_id', 'guest_token'] as const) {
    expect(decideCredit([claim('a', { kind, at: NOW + 900 })], rules(), signUp()).credited[0]).toMatchObject({ claimId: 'a', at: NOW });
  }
});

test.each<[ClaimKind, string]>([['typed_code', 'high'], ['click_id', 'high'], ['guest_token', 'high'], ['same_visitor', 'medium'], ['invited_contact', 'medium'], ['same_network', 'low']])(
  'a credit by %s is of %s confidence', (kind, confidence) => {
    expect(decideCredit([claim('a', { kind })], rules(), signUp()).credited[0]?.confidence).toBe(confidence);
  },
);

test.each<[string, Person, Person, string | null]>([
  ['the same member', { memberId: REFEREE }, { memberId: REFEREE }, 'member'],
  ['one mailbox', { memberId: ANA, mailboxes: ['m1', 'm2'] }, { memberId: REFEREE, mailboxes: ['m2'] }, 'mailbox'],
  ['one phone', { memberId: ANA, contacts: ['p'] }, { memberId: REFEREE, contacts: ['p'], mailboxes: ['m'] }, 'contact'],
  ['one card', { memberId: ANA, payments: ['c'] }, { memberId: REFEREE, payments: ['c'] }, 'payment'],
  ['nothing known of either', { memberId: ANA, payments: [''] }, { memberId: REFEREE, payments: [''] }, null],
  ['a card that one of them has as contact', { memberId: ANA, contacts: ['c'] }, { memberId: REFEREE, payments: ['c'] }, null],
])('self-referral: %s', (_name, one, other, by) => {
  expect([sameBy(one, other), sameBy(other, one)]).toEqual([by, by]);
  const decision = decideCredit([claim('a', { kind: 'typed_code', referrerId: one.memberId }), claim('b', { referrerId: BEN })], rules(), signUp({ referee: other, referrers: new Map([[one.memberId, one]]) }));
  expect(decision.credited.map(({ claimId }) => claimId)).toEqual([by === null ? 'a' : 'b']);
  if (by !== null) expect(decision.lost).toEqual([{ claimId: 'a', programId: FRIENDS, referrerId: one.memberId, reason: 'self_referral', sameBy: by }]);
});

test('nobody is brought by somebody they brought themselves', () => {
  expect(say(decideCredit([claim('a')], rules(), signUp({ broughtByReferee: new Set([ANA]) })))).toEqual(['a cycle']);
});

test('a second sign-up of the same member changes no credit', () => {
  expect(say(decideCredit([claim('a')], rules(), signUp({ creditedBefore: true })))).toEqual(['a duplicate']);
});

test('a window that is none is refused before it is saved', () => {
  expect(creditRuleProblems(DEFAULT_CREDIT_RULE)).toEqual([]);
  for (const windowMs of [0, 59_999, 1.5e6 + 0.5, 366 * DAY_MS, Number.NaN]) expect(creditRuleProblems({ windowMs })[0]).toMatch(/^windowMs: is /);
});

const kinds = fc.constantFrom<ClaimKind>('typed_code', 'click_id', 'guest_token', 'same_visitor', 'invited_contact', 'same_network');
const anyClaims = fc.array(fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
  kind: kinds,
  programId: fc.integer({ min: 1, max: 4 }).map(prg),
  referrerId: fc.constantFrom(ANA, BEN, mbr(3), REFEREE),
  at: fc.oneof(fc.integer({ min: NOW - 9 * DAY_MS, max: NOW + DAY_MS }), fc.constantFrom(NOW, NOW - WEEK_MS, NOW - WEEK_MS + 1)),
}), { maxLength: 14 });
const anyRules = fc.array(fc.record({ prefers: fc.constantFrom('last' as const, 'first' as const), stackable: fc.boolean(), closedAt: fc.constantFrom(null, NOW, NOW + 1), windowMs: fc.constantFrom(WEEK_MS, DAY_MS) }), { minLength: 3, maxLength: 3 })
  .map((given): CreditRules => new Map(given.map((rule, n) => [prg(n + 1), rule])));

test('whatever claims come, in any order and number: every claim is answered once, at most one acquires, one credit a program', () => {
  fc.assert(fc.property(anyClaims, anyRules, fc.nat(), (claims, given, turn) => {
    const decision = decideCredit(claims, given, signUp());
    const turned = [...claims.slice(turn % (claims.length + 1)), ...claims.slice(0, turn % (claims.length + 1)), ...claims];
    expect(decideCredit(turned.toReversed(), given, signUp())).toEqual(decision);
    expect([...decision.credited, ...decision.lost].map(({ claimId }) => claimId).toSorted()).toEqual([...new Set(claims.map(({ id }) => id))].toSorted());
    const eligible = decision.credited.length + decision.lost.filter(({ reason }) => reason === 'outranked' || reason === 'credited_elsewhere').length;
    expect(decision.credited.filter(({ acquisition }) => acquisition)).toHaveLength(eligible > 0 ? 1 : 0);
    expect(new Set(decision.credited.map(({ programId }) => programId)).size).toBe(decision.credited.length);
    for (const one of decision.credited) {
      expect(one.referrerId).not.toBe(REFEREE);
      expect(one.acquisition || given.get(one.programId)?.stackable).toBe(true);
    }
  }));
});

test('a claim that lost never changes who is credited', () => {
  fc.assert(fc.property(anyClaims, anyRules, (claims, given) => {
    const decision = decideCredit(claims, given, signUp());
    const winners = new Set(decision.credited.map(({ claimId }) => claimId));
    expect(decideCredit(claims.filter(({ id }) => winners.has(id)), given, signUp()).credited).toEqual(decision.credited);
  }));
});

test('a code typed early keeps its time', () => {
  expect(claimedAt(claim('a', { kind: 'typed_code', at: NOW - 4 }), NOW)).toBe(NOW - 4);
});
