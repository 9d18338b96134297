import { correctReferral } from '../../db/write/correct-referral.ts';
import { asId } from '../../src/domain/ids.ts';
import { DAY_MS, fact, NOON, openTestReferrals, paid, type TestReferrals } from '../support/referrals.ts';

let world: TestReferrals;
let one: TestReferrals;
beforeAll(async () => {
  world = await openTestReferrals();
});
beforeEach(async () => {
  one = await world.another();
});
afterAll(() => world.close());

const joins = (externalId: string, more: Parameters<typeof fact>[2] = {}) => fact('signed_up', externalId, more);

test.each([
  ['the member\'s own code', async () => joins('ana', { code: await one.codeOf('ana') }), 'member'],
  ['a second account with the same mailbox', async () => {
    await one.upsert({ externalId: 'ana', email: { address: 'ana@x.example', mailbox: 'ana@x.example' } }, { externalId: 'ana-2', email: { address: 'ana+2@x.example', mailbox: 'ana@x.example' } });
    return joins('ana-2', { code: await one.codeOf('ana') });
  }, 'mailbox'],
  ['a second account with the same phone', async () => {
    await one.upsert({ externalId: 'ana', phone: '+4915123456789' }, { externalId: 'ana-2', phone: '+4915123456789' });
    return joins('ana-2', { code: await one.codeOf('ana') });
  }, 'contact'],
  ['a second account that pays by the same card', async () => {
    await one.tell(paid('ana', ['o-1'], 1_000, { means: 'card' }), paid('ana-2', ['o-2'], 1_000, { means: 'card' }));
    return joins('ana-2', { code: await one.codeOf('ana') });
  }, 'payment'],
])('%s is no referral, and the claim says by what', async (_what, arrange, sameBy) => {
  await one.program();
  const signUp = await arrange();
  await one.tell(signUp);
  expect(await one.referrals()).toEqual([]);
  expect(await one.claims(signUp.externalId ?? '')).toMatchObject([{ outcome: 'lost', reason: 'self_referral', sameBy }]);
});

test('one person found only later, by a card, a mailbox or a phone, is marked', async () => {
  await one.program();
  const code = await one.codeOf('ana');
  await one.upsert({ externalId: 'ana', email: { address: 'ana@x.example', mailbox: 'ana@x.example' }, phone: '+4915123456789' });
  await one.tell(paid('ana', ['o-1'], 1_000, { means: 'card' }));
  await one.tell(...['card', 'mail', 'phone', 'friend'].map((name) => joins(name, { code })));
  expect((await one.referrals()).map(({ selfReferral }) => selfReferral)).toEqual([false, false, false, false]);
  await one.tell(paid('card', ['o-2'], 1_000, { means: 'card' }), paid('friend', ['o-3'], 1_000, { means: 'another card' }));
  await one.upsert({ externalId: 'mail', email: { address: 'ANA@x.example', mailbox: 'ana@x.example' } }, { externalId: 'phone', phone: '+4915123456789' });
  expect((await one.referrals()).map(({ referee, selfReferral }) => [referee, selfReferral])).toEqual([['card', true], ['friend', false], ['mail', true], ['phone', true]]);
});

test('two who bring each other at the same instant make no ring', async () => {
  await one.program();
  const [ana, ben] = [await one.codeOf('ana'), await one.codeOf('ben')];
  for (let round = 0; round < 10; round += 1) {
    const [a, b] = [`a${String(round)}`, `b${String(round)}`];
    const [codeA, codeB] = [await one.codeOf(a), await one.codeOf(b)];
    await Promise.all([one.tell(joins(a, { code: codeB })), one.tell(joins(b, { code: codeA }))]);
    const between = (await one.referrals()).filter(({ referrer, referee }) => [a, b].includes(referrer) && [a, b].includes(referee));
    expect(between).toHaveLength(1);
  }
  // And within one request.
  await one.tell(joins('ana', { code: ben }), joins('ben', { code: ana, occurredAt: NOON + 1 }));
  expect(await one.claims('ben')).toMatchObject([{ referrer: 'ana', reason: 'cycle' }]);
});

test('nobody is brought by one whom they brought, over any number of generations', async () => {
  await one.program();
  const names = ['g0', 'g1', 'g2', 'g3', 'g4'];
  for (const [n, name] of names.entries()) if (n > 0) await one.tell(joins(name, { code: await one.codeOf(`g${String(n - 1)}`), occurredAt: NOON - DAY_MS + n }));
  await one.tell(joins('g0', { code: await one.codeOf('g4') }));
  expect(await one.claims('g0')).toMatchObject([{ referrer: 'g4', reason: 'cycle' }]);
});

test('an operator gives the credit to somebody else, never to the referee, nor in a ring', async () => {
  await one.program();
  await one.tell(joins('ben', { code: await one.codeOf('ana') }));
  await one.tell(joins('cleo', { code: await one.codeOf('ben') }));
  await one.upsert({ externalId: 'zoe' });
  const [row] = await one.database.superuser<{ id: string }[]>`select r.id from referrals r join members m on m.id = r.referee_id where r.tenant_id = ${one.tenantId} and m.external_id = 'ben'`;
  const correct = (referrerExternalId: string) => one.database.app.asTenant(one.tenantId, (tx) =>
    correctReferral(tx, { tenantId: one.tenantId, referralId: asId('ref', row?.id ?? ''), referrerExternalId, reason: 'they said so', actor: 'test', now: NOON }));
  expect(await correct('ben')).toEqual({ outcome: 'refused', reason: 'self_referral' });
  expect(await correct('cleo')).toEqual({ outcome: 'refused', reason: 'cycle' });
  expect(await correct('nobody')).toEqual({ outcome: 'refused', reason: 'unknown_referrer' });
  expect(await correct('ana')).toEqual({ outcome: 'unchanged' });
  expect(await correct('zoe')).toEqual({ outcome: 'corrected' });
  expect(await one.claims('ben')).toMatchObject([{ referrer: 'ana', outcome: 'lost', reason: 'corrected' }, { referrer: 'zoe', kind: 'operator', outcome: 'credited' }]);
  expect((await one.referrals())[0]).toMatchObject({ referrer: 'zoe', referee: 'ben', kind: 'operator' });
});

test('two who pay by one card at the same instant are found to be one person', async () => {
  await one.program();
  for (let round = 0; round < 12; round += 1) {
    const [a, b] = [`pa${String(round)}`, `pb${String(round)}`];
    await one.tell(joins(b, { code: await one.codeOf(a) }));
    await Promise.all([a, b].map((name) => one.tell(paid(name, [`o-${name}`], 1_000, { means: `card ${String(round)}` }))));
  }
  expect((await one.referrals()).filter(({ selfReferral }) => !selfReferral)).toEqual([]);
});

test('a sign-up beside the referrer\'s first payment by the same card is no referral that earns', async () => {
  await one.program();
  for (let round = 0; round < 12; round += 1) {
    const [a, b, means] = [`qa${String(round)}`, `qb${String(round)}`, `card ${String(round)}`];
    const code = await one.codeOf(a);
    await one.tell(paid(b, [`o-${b}`], 1_000, { means }));
    await Promise.all([one.tell(joins(b, { code })), one.tell(paid(a, [`o-${a}`], 1_000, { means }))]);
  }
  expect((await one.referrals()).filter(({ selfReferral }) => !selfReferral)).toEqual([]);
});
