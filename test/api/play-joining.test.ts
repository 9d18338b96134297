import { openTestApi, listIn } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { arrangeChallenges, openFriend, playOn, signUp, startChallenge } from '../support/play.ts';
import type { Challenge, Friend } from '../support/play.ts';

let api: TestApi;
let tenant: TestTenant;
let programId: string;

beforeAll(async () => {
  api = await openTestApi();
});
beforeEach(async () => {
  api.clock.advance(60_000);
  tenant = await api.makeTenant();
  programId = await arrangeChallenges(api, tenant);
});
afterAll(() => api.close());

type Row = { referrer: string; referee: string; state: string; confidence: string; claim: string; activated: boolean };
const referrals = () => api.database.superuser<Row[]>`
  select a.external_id as referrer, b.external_id as referee, r.state, r.confidence, c.kind as claim, r.activated_at = r.signed_up_at as activated
  from referrals r join members a on a.id = r.referrer_id join members b on b.id = r.referee_id join credit_claims c on c.tenant_id = r.tenant_id and c.referee_id = r.referee_id and c.id = r.claim_id
  where r.tenant_id = ${tenant.tenantId}`;
const rewards = () => api.database.superuser<{ who: string; amount: number; unit: string }[]>`
  select m.external_id as who, granted_minor::int as amount, unit from rewards r join members m on m.id = r.member_id where r.tenant_id = ${tenant.tenantId} order by who`;
const facts = async ({ runId }: Challenge) => (await api.database.superuser<{ kind: string }[]>`select kind from run_facts where run_id = ${runId} order by kind`).map(({ kind }) => kind);
const people = async ({ runId }: Challenge) => (await api.database.superuser<{ role: string; kind: string }[]>`select role, left(person_id, 3) as kind from run_people where run_id = ${runId} order by role`).map(({ role, kind }) => `${role} ${kind}`);
const events = () => api.database.superuser<{ type: string; detail: string | null }[]>`select type, detail::text as detail from events where tenant_id = ${tenant.tenantId} order by type`;
const BOTH = [{ who: 'ana', amount: 50, unit: 'xp' }, { who: 'ben', amount: 50, unit: 'xp' }];

async function played(answers: readonly boolean[]): Promise<{ challenge: Challenge; friend: Friend; token: string }> {
  const challenge = await startChallenge(api, tenant, programId);
  const friend = openFriend(api);
  await friend.accept(challenge.code);
  await playOn(friend, challenge.code, answers);
  return { challenge, friend, token: friend.guestToken(challenge.code) };
}

test('a guest who answered three questions signs up: the referral is activated at once, and both earn', async () => {
  const { challenge, token } = await played([true, false, true]);
  expect(await referrals()).toEqual([]);
  expect((await signUp(api, tenant, 'ben', token)).body).toEqual({ results: [{ outcome: 'stored', eventId: 'signed-up-ben', unmatched: [] }] });
  const [referral] = await referrals();
  expect(referral).toMatchObject({ referrer: 'ana', referee: 'ben', confidence: 'high', claim: 'guest_token', activated: true });
  expect(await rewards()).toEqual(BOTH);
  expect(await people(challenge)).toEqual(['friend mbr', 'member mbr']);
  expect(await facts(challenge)).toContain('friend_joined');
});

test('with the visit named beside the guest\'s token there is one credit, and the other claim is kept', async () => {
  const { challenge, friend, token } = await played([true, true, true]);
  const to = new URL((await friend.get(`/play/${challenge.code}/sign-up`)).headers.location ?? '');
  await signUp(api, tenant, 'ben', token, { clickId: to.searchParams.get('clickId') });
  expect(await referrals()).toHaveLength(1);
  const claims = await api.database.superuser<{ kind: string; outcome: string }[]>`select kind, outcome from credit_claims where tenant_id = ${tenant.tenantId} order by outcome`;
  expect(claims.map(({ outcome }) => outcome)).toEqual(['credited', 'lost']);
  expect(claims.map(({ kind }) => kind).toSorted()).toEqual(['click_id', 'guest_token']);
  expect(await rewards()).toEqual(BOTH);
});

test('who signs up before the third answer earns for both with the third, also in another browser tab left open', async () => {
  const { challenge, friend, token } = await played([true, true]);
  await signUp(api, tenant, 'ben', token);
  expect((await referrals())[0]).toMatchObject({ state: 'attributed' });
  expect(await rewards()).toEqual([]);
  api.clock.advance(1_000);
  await playOn(friend, challenge.code, [true], 2);
  expect(await rewards()).toEqual(BOTH);
  const end = await playOn(friend, challenge.code, [true, true], 3);
  expect(end?.text).toContain('You have signed up, and your result counts.');
  expect((await facts(challenge)).filter((kind) => kind !== 'friend_opened')).toEqual(['friend_began', 'friend_came', 'friend_finished', 'friend_joined', 'friend_reached_value']);
});

test('a hundred identical sign-ups, many at once, are one: one referral, one first value, one reward a side', async () => {
  const { token } = await played([true, true, true]);
  for (let i = 0; i < 10; i += 1) await Promise.all(Array.from({ length: 10 }, () => signUp(api, tenant, 'ben', token)));
  expect(await referrals()).toHaveLength(1);
  expect(await rewards()).toEqual(BOTH);
  expect((await events()).map(({ type }) => type)).toEqual(['first_value', 'signed_up']);
});

test('of two who bring the same token at once one is the guest, and the other has come by nobody', async () => {
  const { token } = await played([true, true, true]);
  await Promise.all([signUp(api, tenant, 'ben', token), signUp(api, tenant, 'cleo', token)]);
  expect(await referrals()).toHaveLength(1);
  expect(await rewards()).toHaveLength(2);
  await signUp(api, tenant, 'dora', token);
  expect(await referrals()).toHaveLength(1);
});

test('a sign-up and the third answer at the same instant: first value is not lost, whoever comes first', async () => {
  for (const name of ['eva', 'finn', 'gus', 'hal']) {
    const { challenge, friend, token } = await played([true, true]);
    await Promise.all([signUp(api, tenant, name, token), playOn(friend, challenge.code, [true], 2)]);
    expect((await rewards()).some(({ who }) => who === name)).toBe(true);
  }
});

test('a token that is altered, of another tenant or made up joins nobody; the sign-up counts all the same', async () => {
  const { token } = await played([true, true, true]);
  const other = await api.makeTenant();
  await arrangeChallenges(api, other);
  expect((await signUp(api, other, 'ben', token)).status).toBe(200);
  for (const [name, wrong] of [['x1', `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`], ['x2', 'made up'], ['x3', `${'0'.repeat(26)}.${'A'.repeat(43)}`]] as const) {
    expect(listIn((await signUp(api, tenant, name, wrong)).body, 'results')[0]).toMatchObject({ outcome: 'stored', unmatched: ['guestToken'] });
  }
  const [{ count } = { count: -1 }] = await api.database.superuser<{ count: number }[]>`select count(*)::int as count from guests where member_id is not null and tenant_id in (${tenant.tenantId}, ${other.tenantId})`;
  expect(count).toBe(0);
  expect(await referrals()).toEqual([]);
});

test('a member who plays the own challenge earns nothing by it', async () => {
  const { token } = await played([true, true, true]);
  await signUp(api, tenant, 'ana', token);
  expect(await referrals()).toEqual([]);
  expect(await rewards()).toEqual([]);
  const [claim] = await api.database.superuser<{ outcome: string; reason: string }[]>`select outcome, reason from credit_claims where tenant_id = ${tenant.tenantId} and kind = 'guest_token'`;
  expect(claim).toEqual({ outcome: 'lost', reason: 'self_referral' });
});

test('a sign-up after the challenge is over still joins, and what was reached in time counts', async () => {
  const { challenge, token } = await played([true, true, true]);
  await api.database.superuser`update runs set outcome = 'won', closed_at = ${api.clock.now()}, due_at = null where id = ${challenge.runId}`;
  api.clock.advance(3 * 86_400_000);
  await signUp(api, tenant, 'ben', token);
  expect(await rewards()).toEqual(BOTH);
});

test('the guest\'s token is kept nowhere, and comes out of no answer', async () => {
  const { token } = await played([true, true, true]);
  await signUp(api, tenant, 'ben', token);
  const [, secret = 'none'] = token.split('.');
  expect(JSON.stringify(await events())).not.toContain(secret);
  expect((await api.send(tenant, 'GET', '/v1/events')).text).not.toContain(secret);
  expect(JSON.stringify(api.logged)).not.toContain(secret);
});
