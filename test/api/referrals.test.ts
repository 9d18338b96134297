import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { listIn, NOON, openTestApi, readPages, textIn } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { invite } from '../support/invites-api.ts';

let api: TestApi;
let tenant: TestTenant;

beforeAll(async () => {
  api = await openTestApi();
});
beforeEach(async () => {
  api.clock.set(NOON);
  tenant = await api.makeTenant();
});
afterAll(() => api.close());

const program = async (): Promise<string> => textIn((await api.send(tenant, 'POST', '/v1/programs', { loop: 'invite', title: 'Bring a friend' })).body, 'id');
const member = async (externalId: string) => (await api.send(tenant, 'PUT', `/v1/members/${externalId}`, {})).body;
const codeOf = async (externalId: string): Promise<string> => z.object({ code: z.string() }).parse((await member(externalId))['personalLink']).code;
const tell = async (...events: object[]) => listIn((await api.send(tenant, 'POST', '/v1/events', { events: events.map((event) => ({ eventId: randomUUID(), ...event })) })).body, 'results');
const joins = (externalId: string, more: object = {}) => ({ type: 'signed_up', externalId, ...more });
const brings = async (referrer: string, ...referees: string[]) => {
  const code = await codeOf(referrer);
  await tell(...referees.map((referee) => joins(referee, { code })));
};
const referrals = async (query = '') => listIn((await api.send(tenant, 'GET', `/v1/referrals${query}`)).body, 'data');
const only = async (query = ''): Promise<string> => textIn((await referrals(query))[0] ?? {}, 'id');

test('a link may name its program, and only one there is', async () => {
  const first = await program();
  api.clock.advance(1);
  const second = await program();
  await member('ana');
  const made = await api.send(tenant, 'POST', '/v1/links', { destination: 'https://app.kite.example/x', externalId: 'ana', programId: second });
  expect(made.body).toMatchObject({ programId: second });
  await tell(joins('ben', { code: made.body['code'] }), joins('cleo', { code: await codeOf('ana') }));
  expect(await referrals(`?program=${second}`)).toMatchObject([{ referee: { externalId: 'ben' } }]);
  expect(await referrals(`?program=${first}`)).toMatchObject([{ referee: { externalId: 'cleo' } }]);
  const unknown = { destination: 'https://app.kite.example/x', programId: 'prg_01kx7m3p9q2r4s5t6v7w8x9y0z' };
  expect(await api.send(tenant, 'POST', '/v1/links', unknown)).toMatchObject({ status: 400, body: { errors: [{ path: '/programId' }] } });
  expect(await api.send(tenant, 'POST', '/v1/links', { ...unknown, programId: 'x' })).toMatchObject({ status: 400, body: { errors: [{ path: '/programId' }] } });
});

test('a sign-up that brings nothing counts for who invited the mailbox, also when the invite was closed before', async () => {
  const programId = await program();
  await member('ana');
  await invite(api, tenant, programId, ['ben@friends.example', 'cleo@friends.example'], { externalId: 'ana' });
  for (const name of ['ben', 'cleo']) await api.send(tenant, 'PUT', `/v1/members/${name}`, { contact: { email: `${name}@friends.example` } });
  api.clock.advance(60_000);
  await tell(joins('ben'), joins('cleo', { code: await codeOf('zoe') }), joins('dora'));
  expect(await referrals('?referee=ben')).toMatchObject([{ referrer: { externalId: 'ana' }, claimKind: 'invited_contact', confidence: 'medium' }]);
  expect(await referrals('?referee=cleo')).toMatchObject([{ referrer: { externalId: 'zoe' }, claimKind: 'typed_code' }]);
  expect(await referrals('?referee=dora')).toEqual([]);
});

test('a referral is read with its claims and payments, without anything personal', async () => {
  await program();
  await api.send(tenant, 'PUT', '/v1/members/ben', { contact: { email: 'ben@private.example', phone: '+4915123456789' }, name: 'Benedikt' });
  await brings('ana', 'ben');
  await tell(
    { type: 'converted', externalId: 'ben', orderId: 'o-1', paymentNames: ['pi_1'], amountMinor: 4_900, currency: 'EUR', product: 'pro', paymentFingerprint: 'card-4242' },
    { type: 'refunded', orderId: 'o-1', refundedMinor: 900 }, { type: 'dispute_opened', paymentNames: ['pi_1'], disputeId: 'dp_1' }, joins('ben', { code: await codeOf('zoe') }),
  );
  const reply = await api.send(tenant, 'GET', `/v1/referrals/${await only()}`);
  expect(reply.body).toMatchObject({
    referrer: { externalId: 'ana' }, referee: { externalId: 'ben' }, claimKind: 'typed_code', confidence: 'high', acquisition: true, selfReferral: false, underReview: false,
    payments: [{ names: ['o-1', 'pi_1'], amountMinor: 4_900, currency: 'EUR', product: 'pro', changes: expect.arrayContaining([expect.objectContaining({ kind: 'refunded', amountMinor: 900 })]) }],
  });
  expect(listIn(reply.body, 'claims').map(({ referrerExternalId, outcome, reason }) => [referrerExternalId, outcome, reason])).toEqual(
    expect.arrayContaining([['ana', 'credited', null], ['zoe', 'lost', 'duplicate']]));
  for (const personal of ['private.example', '491512', 'Benedikt', '4242']) expect(reply.text).not.toContain(personal);
});

test('the list goes newest first, page by page, and filters', async () => {
  const programId = await program();
  for (const [n, referee] of ['r0', 'r1', 'r2', 'r3', 'r4'].entries()) {
    api.clock.set(NOON + n * 1_000);
    await brings(n % 2 === 0 ? 'ana' : 'zoe', referee);
  }
  const names = (rows: Record<string, unknown>[]) => rows.map(({ referee }) => z.object({ externalId: z.string() }).parse(referee).externalId);
  expect(names(await referrals())).toEqual(['r4', 'r3', 'r2', 'r1', 'r0']);
  expect(names((await readPages(api, tenant, '/v1/referrals', 2)).flat())).toEqual(['r4', 'r3', 'r2', 'r1', 'r0']);
  expect(names(await referrals('?referrer=zoe'))).toEqual(['r3', 'r1']);
  expect(names(await referrals(`?referee=r2&program=${programId}&state=attributed`))).toEqual(['r2']);
  expect(await referrals('?referrer=nobody')).toEqual([]);
  expect(await api.send(tenant, 'GET', '/v1/referrals?program=x')).toMatchObject({ status: 400, body: { errors: [{ path: '?program' }] } });
  expect(await api.send(tenant, 'GET', '/v1/referrals?cursor=x')).toMatchObject({ status: 400, body: { code: 'invalid_cursor' } });
});

test('whom a member brought is told by generation, and is bounded', async () => {
  await program();
  await brings('ana', 'b1', 'b2');
  await brings('b1', 'c1', 'c2', 'c3');
  await brings('c1', 'd1');
  await tell({ type: 'first_value', externalId: 'c1' }, { type: 'converted', externalId: 'c2', orderId: 'o', amountMinor: 1, currency: 'EUR' });
  const read = async (query: string) => (await api.send(tenant, 'GET', `/v1/members/ana/referrals${query}`)).body;
  expect(await read('')).toMatchObject({ generations: [{ generation: 1, signedUp: 2 }], hasMore: false });
  const two = await read('?generations=2');
  expect(two).toMatchObject({ generations: [{ signedUp: 2, activated: 0, converted: 0 }, { signedUp: 3, activated: 1, converted: 1 }], hasMore: false });
  expect(listIn(two, 'members').map(({ externalId, broughtByExternalId, generation }) => [externalId, broughtByExternalId, generation]).toSorted()).toEqual(
    [['b1', 'ana', 1], ['b2', 'ana', 1], ['c1', 'b1', 2], ['c2', 'b1', 2], ['c3', 'b1', 2]]);
  expect(await read('?generations=10&limit=3')).toMatchObject({ hasMore: true });
  for (const query of ['?generations=0', '?generations=11', '?limit=1001', '?limit=x']) expect((await api.send(tenant, 'GET', `/v1/members/ana/referrals${query}`)).status).toBe(400);
  expect((await api.send(tenant, 'GET', '/v1/members/nobody/referrals')).status).toBe(404);
});

test('who brought most stands first, with what became of theirs', async () => {
  await program();
  await brings('ana', 'b1');
  await brings('zoe', 'b2', 'b3');
  await tell({ type: 'first_value', externalId: 'b2' }, { type: 'converted', externalId: 'b2', orderId: 'o', amountMinor: 1, currency: 'EUR' });
  expect((await api.send(tenant, 'GET', '/v1/referral-graph/top')).body['data']).toMatchObject([
    { externalId: 'zoe', signedUp: 2, activated: 1, converted: 1 }, { externalId: 'ana', signedUp: 1, activated: 0, converted: 0 },
  ]);
  expect((await api.send(tenant, 'GET', '/v1/referral-graph/top?limit=1')).body['data']).toHaveLength(1);
  expect((await api.send(tenant, 'GET', '/v1/referral-graph/top?since=2027-01-01T00:00:00Z')).body['data']).toEqual([]);
});

describe('an operator', () => {
  test('corrects a credit, which the audit log keeps with its reason', async () => {
    await program();
    await brings('ana', 'ben');
    await member('zoe');
    const id = await only();
    const reply = await api.send(tenant, 'POST', `/v1/referrals/${id}/correct`, { referrerExternalId: 'zoe', reason: 'Ticket 4711' });
    expect(reply).toMatchObject({ status: 200, body: { referrer: { externalId: 'zoe' }, claimKind: 'operator' } });
    expect(listIn((await api.send(tenant, 'GET', `/v1/audit?subjectId=${id}`)).body, 'data')).toMatchObject([{ kind: 'referral_corrected', rule: 'Ticket 4711', actor: tenant.keyId }]);
  });

  test.each([
    ['the referee', 'ben', 409, 'correction_not_possible'],
    ['one whom the referee brought', 'cleo', 409, 'correction_not_possible'],
    ['somebody nobody has heard of', 'nobody', 400, 'invalid_request'],
  ])('cannot give it to %s', async (_what, referrerExternalId, status, code) => {
    await program();
    await brings('ana', 'ben');
    await brings('ben', 'cleo');
    expect(await api.send(tenant, 'POST', `/v1/referrals/${await only('?referee=ben')}/correct`, { referrerExternalId, reason: 'x' })).toMatchObject({ status, body: { code } });
  });

  test('opens and ends a review', async () => {
    await program();
    await brings('ana', 'ben');
    const id = await only();
    const review = async (underReview: boolean) => (await api.send(tenant, 'POST', `/v1/referrals/${id}/review`, { underReview, reason: 'Many at once' })).body;
    expect(await review(true)).toMatchObject({ underReview: true });
    expect(await review(true)).toMatchObject({ underReview: true });
    expect(await review(false)).toMatchObject({ underReview: false });
    expect(listIn((await api.send(tenant, 'GET', `/v1/audit?subjectId=${id}`)).body, 'data').map(({ kind }) => kind).toSorted()).toEqual(['referral_review_ended', 'referral_review_opened']);
  });

  test('closes a program and opens it again', async () => {
    const id = await program();
    const code = await codeOf('ana');
    expect((await api.send(tenant, 'POST', `/v1/programs/${id}/close`)).body).toEqual({ id, closedAt: '2026-06-10T12:00:00.000Z' });
    api.clock.advance(1_000);
    expect((await api.send(tenant, 'POST', `/v1/programs/${id}/close`)).body).toEqual({ id, closedAt: '2026-06-10T12:00:00.000Z' });
    await tell(joins('late', { code }));
    expect((await api.send(tenant, 'POST', `/v1/programs/${id}/reopen`)).body).toEqual({ id, closedAt: null });
    await tell(joins('ben', { code }));
    expect(await referrals()).toMatchObject([{ referee: { externalId: 'ben' } }]);
    for (const verb of ['close', 'reopen']) expect((await api.send(tenant, 'POST', `/v1/programs/prg_01kx7m3p9q2r4s5t6v7w8x9y0z/${verb}`)).status).toBe(404);
  });

  test('of another tenant finds nothing', async () => {
    await program();
    await brings('ana', 'ben');
    const id = await only();
    const stranger = await api.makeTenant();
    expect((await api.send(stranger, 'GET', `/v1/referrals/${id}`)).status).toBe(404);
    expect((await api.send(stranger, 'POST', `/v1/referrals/${id}/review`, { underReview: true, reason: 'x' })).status).toBe(404);
    expect((await api.send(stranger, 'POST', `/v1/referrals/${id}/correct`, { referrerExternalId: 'ana', reason: 'x' })).status).toBe(404);
    expect((await api.send(stranger, 'GET', '/v1/members/ana/referrals')).status).toBe(404);
    expect((await api.send(stranger, 'GET', '/v1/referral-graph/top')).body['data']).toEqual([]);
  });
});
