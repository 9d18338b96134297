import fc from 'fast-check';
import { asId } from '../../src/domain/ids.ts';
import { decideInvites, type Candidate, type Offer, type RecipientFacts } from '../../src/domain/invite/decide-invites.ts';
import type { LawfulPlan } from '../../src/domain/invite/lawful-plan.ts';
import type { CapState } from '../../src/domain/invite/take-cap.ts';

const NOW = Date.parse('2026-06-10T12:00:00Z');
const BATCH = asId('bat', 'bat_01ksr49200081040g2081040g2');
const sendNow: LawfulPlan = { outcome: 'send_now', sendAt: NOW, permittedUntil: NOW + 1000, why: 'open', law: [] };
const offer: Offer = { acceptedBases: ['opt_in', 'inviter_attested'], existingMembers: 'refuse', cap: null };
const left = (invites: number): CapState => ({ rule: { invites, per: 'day', excess: 'refuse' }, zone: 'Europe/Paris', used: new Map() });
const nobody: RecipientFacts = { suppressed: new Set(), members: new Set(), cooling: new Map(), unanswering: new Set() };
const candidate = (n: number, more: Partial<Candidate> = {}): Candidate => ({ n, recipientKey: `r${String(n)}`, consentBasis: 'opt_in', needsOptIn: false, problem: null, isInviter: more.recipientKey === 'ana', planKey: 'z', ...more });

function decide(candidates: Candidate[], changed: Partial<Offer> = {}, facts: Partial<RecipientFacts> = {}, plan: LawfulPlan = sendNow): string[] {
  return decideInvites(candidates, { ...offer, ...changed }, { ...nobody, ...facts }, NOW, () => plan).map((d) => (d.outcome === 'accepted' ? 'accepted' : d.reason));
}

test.each<[string, Candidate, Partial<Offer>, Partial<RecipientFacts>, string]>([
  ['an address that is none', candidate(0, { recipientKey: null }), {}, {}, 'invalid_address'],
  ['the inviter\'s own mailbox', candidate(0, { recipientKey: 'ana' }), {}, {}, 'self_invite'],
  ['a row that cannot be used otherwise', candidate(0, { problem: 'zone: must be one' }), {}, {}, 'invalid_invitee'],
  ['no basis of consent', candidate(0, { consentBasis: null }), {}, {}, 'no_consent'],
  ['a basis nobody knows', candidate(0, { consentBasis: 'because' }), {}, {}, 'no_consent'],
  ['a basis the program does not accept', candidate(0, { consentBasis: 'existing_relationship' }), {}, {}, 'no_consent'],
  ['a suppressed recipient', candidate(0), {}, { suppressed: new Set(['r0']) }, 'suppressed'],
  ['a recipient who answers nothing', candidate(0), {}, { unanswering: new Set(['r0']) }, 'unanswered_cap'],
  ['a member', candidate(0), {}, { members: new Set(['r0']) }, 'member_already'],
  ['a member where the program invites members', candidate(0), { existingMembers: 'invite' }, { members: new Set(['r0']) }, 'accepted'],
  ['a recipient in the cooling period', candidate(0), {}, { cooling: new Map([['r0', { batchId: BATCH, n: 3 }]]) }, 'duplicate_in_cooling_period'],
  ['a member who may send no more today', candidate(0), { cap: left(0) }, {}, 'cap_reached'],
  ['nothing against it', candidate(0), { cap: left(1) }, {}, 'accepted'],
])('%s', (_name, one, changed, facts, expected) => {
  expect(decide([one], changed, facts)).toEqual([expected]);
});

test('without a permitted moment an invite is refused, and says why', () => {
  const never: LawfulPlan = { outcome: 'never', sendAt: null, why: 'the window never opens', law: [] };
  const [decision] = decideInvites([candidate(0)], offer, nobody, NOW, () => never);
  expect(decision).toEqual({ n: 0, outcome: 'refused', reason: 'no_permitted_time', detail: 'the window never opens' });
});

test('the same invitee twice in one request is refused the second time, and names the first', () => {
  const twice = [candidate(0, { recipientKey: 'x' }), candidate(1, { recipientKey: 'x' })];
  expect(decideInvites(twice, offer, nobody, NOW, () => sendNow)[1]).toEqual({ n: 1, outcome: 'refused', reason: 'duplicate_in_cooling_period', duplicateOf: { n: 0 } });
});

test('what is refused takes nothing of the cap: the cap is used by the first that are accepted', () => {
  const rows = [candidate(0, { consentBasis: null }), candidate(1), candidate(2), candidate(3)];
  expect(decide(rows, { cap: left(2) })).toEqual(['no_consent', 'accepted', 'accepted', 'cap_reached']);
});

test('never more are accepted than the cap leaves, and never one recipient twice, whatever comes', () => {
  const rows = fc.array(fc.record({ key: fc.option(fc.constantFrom('a', 'b', 'c', 'd', 'ana'), { nil: null }), basis: fc.constantFrom('opt_in', 'none') }), { maxLength: 30 });
  fc.assert(fc.property(rows, fc.nat(10), (given, capLeft) => {
    const candidates = given.map(({ key, basis }, n) => candidate(n, { recipientKey: key, consentBasis: basis }));
    const decisions = decideInvites(candidates, { ...offer, cap: left(capLeft) }, nobody, NOW, () => sendNow);
    const accepted = decisions.flatMap((d) => (d.outcome === 'accepted' ? [candidates[d.n]?.recipientKey] : []));
    expect(decisions.map((d) => d.n)).toEqual(candidates.map((c) => c.n));
    expect(accepted.length).toBeLessThanOrEqual(capLeft);
    expect(new Set(accepted).size).toBe(accepted.length);
    expect(accepted).not.toContain('ana');
  }), { seed: 7, numRuns: 300 });
});
