import { insertInviteLinks } from '../../db/write/create-link.ts';
import { grantForRun } from '../../db/write/rewards/grant-for-run.ts';
import type { BatchId } from '../../src/domain/ids.ts';
import { inviteCode } from '../../src/domain/link/code.ts';
import { openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { hiddenIn, openFriend, playOn, signUp } from '../support/play.ts';
import type { Friend } from '../support/play.ts';
import { arrangeRescues, factsOf, playOwn, startRescue } from '../support/rescues.ts';
import type { Rescue } from '../support/rescues.ts';

/** Nobody is their own buddy, as far as it can be known. */
const DAY_MS = 86_400_000;
const ALL_RIGHT = [true, true, true, true, true];
let api: TestApi;
let tenant: TestTenant;
let programId: string;
beforeAll(async () => { api = await openTestApi(); });
beforeEach(async () => {
  api.clock.advance(DAY_MS);
  tenant = await api.makeTenant();
  programId = await arrangeRescues(api, tenant);
});
afterAll(() => api.close());

const grant = (rescue: Rescue) => api.database.app.asTenant(tenant.tenantId, (tx) => grantForRun(tx, { tenantId: tenant.tenantId, runId: rescue.runId, fact: 'rescued', at: api.clock.now(), now: api.clock.now() }));
const shields = async (): Promise<unknown> => api.database.superuser`
  select m.external_id as who, s.freezes_left as shields from streaks s join members m on m.id = s.member_id where s.tenant_id = ${tenant.tenantId} and s.freezes_left > 0 order by 1`;
const rewards = async (): Promise<unknown> => api.database.superuser`
  select m.external_id as who, r.state, r.reason from rewards r join members m on m.id = r.member_id where r.tenant_id = ${tenant.tenantId} order by 1`;
const refusals = async (): Promise<unknown> => api.database.superuser`
  select m.external_id as who, r.reason from reward_refusals r join members m on m.id = r.member_id where r.tenant_id = ${tenant.tenantId} order by 1`;

/** The link of the mail to the one invitee, as it is written when the mail leaves. */
async function mailedCode({ runId }: Rescue): Promise<string> {
  const [batch] = await api.database.superuser<{ id: BatchId }[]>`select id from invite_batches where run_id = ${runId}`;
  if (batch === undefined) throw new Error('nobody was invited');
  const ref = { batchId: batch.id, n: 0 };
  const code = inviteCode(api.services.keyring, ref);
  await api.services.db.asTenant(tenant.tenantId, (tx) => insertInviteLinks(tx, [{ code, ...ref, memberId: null, runId, leadsTo: { destination: 'https://app.kite.example/join', utm: {} } }], tenant.tenantId, api.clock.now()));
  return code;
}

/** Somebody comes by the link in a browser of their own and answers all of it. */
async function helps(rescue: Rescue): Promise<Friend> {
  const guest = openFriend(api);
  await guest.accept(rescue.code);
  await playOn(guest, rescue.code, ALL_RIGHT);
  return guest;
}

test('a browser that has opened the member\'s own page gets into the game by none of this member\'s links, of this run or another', async () => {
  const [rescue, later] = [await startRescue(api, tenant, programId), await startRescue(api, tenant, programId, { subject: 'later' })];
  const byMail = await mailedCode(await startRescue(api, tenant, programId, { subject: 'mailed', invitees: [{ email: 'ben@example.com', consent: { basis: 'inviter_attested' } }] }));
  const early = openFriend(api);
  const form = hiddenIn((await early.get(`/i/${rescue.code}`)).text);
  const ana = openFriend(api);
  await ana.get(rescue.path);
  for (const code of [rescue.code, later.code, byMail]) {
    const page = await ana.get(`/i/${code}`);
    expect([page.status, page.text.includes('This is your own link'), page.text.includes('value="accept"')]).toEqual([200, true, false]);
  }
  expect((await ana.post(`/i/${rescue.code}`, { ...form, do: 'accept' })).headers.location).toBe(`/i/${rescue.code}`);
  expect(await api.database.superuser`select 1 from guests where run_id = ${rescue.runId}`).toHaveLength(0);
});

test('a browser that has played the member\'s part without the page before it is the member\'s, too', async () => {
  const rescue = await startRescue(api, tenant, programId);
  const ana = openFriend(api);
  await playOwn(ana, rescue);
  const page = await ana.get(`/i/${rescue.code}`);
  expect([page.text.includes('This is your own link'), page.text.includes('value="accept"')]).toEqual([true, false]);
});

test('a browser that plays as the guest of several runs plays the member\'s part of none of them', async () => {
  await api.send(tenant, 'PUT', '/v1/members/kim', { contact: { email: 'kim@example.com' } });
  const [anas, kims] = [await startRescue(api, tenant, programId), await startRescue(api, tenant, programId, { externalId: 'kim' })];
  const guest = openFriend(api);
  for (const { code } of [anas, kims]) await guest.accept(code);
  expect([(await guest.get(`${anas.path}/play`)).status, (await guest.get(`${kims.path}/play`)).status]).toEqual([403, 403]);
});

test('another member\'s own page marks a browser for that member alone', async () => {
  await api.send(tenant, 'PUT', '/v1/members/kim', { contact: { email: 'kim@example.com' } });
  const [anas, kims] = [await startRescue(api, tenant, programId), await startRescue(api, tenant, programId, { externalId: 'kim' })];
  const kim = openFriend(api);
  await kim.get(kims.path);
  expect((await kim.accept(anas.code)).text).toContain('Question 1 of 5');
});

test('a browser in which somebody plays as the guest plays no second part', async () => {
  const rescue = await startRescue(api, tenant, programId);
  const both = openFriend(api);
  await both.accept(rescue.code);
  const page = await both.get(`${rescue.path}/play`);
  expect([page.status, page.text.includes('This browser plays as the buddy'), page.text.includes('<form')]).toEqual([403, true, false]);
  const form = hiddenIn((await openFriend(api).get(`${rescue.path}/play`)).text);
  expect((await both.post(`${rescue.path}/play`, { ...form, choice: '0' })).status).toBe(403);
  const other = await startRescue(api, tenant, programId, { subject: 'other' });
  expect((await both.get(`${other.path}/play`)).status).toBe(200);
});

test('a guest who signs up as the member before both have finished helps nobody: the run does not hear of it', async () => {
  const rescue = await startRescue(api, tenant, programId);
  const guest = openFriend(api);
  await guest.accept(rescue.code);
  await playOn(guest, rescue.code, [true, true, true]);
  await signUp(api, tenant, 'ana', guest.guestToken(rescue.code));
  await playOn(guest, rescue.code, [true, true], 3);
  await playOwn(openFriend(api), rescue);
  expect(await factsOf(api, rescue.runId)).not.toContain('buddy_finished');
  expect(await grant(rescue)).toEqual({ outcome: 'granted', granted: 0, refused: 1 });
  expect([await shields(), await refusals()]).toEqual([[], [{ who: 'ana', reason: 'self_referral' }]]);
});

test('a guest who signs up as the member afterwards: the run hears of it, and the shield is taken back', async () => {
  const rescue = await startRescue(api, tenant, programId);
  const guest = await helps(rescue);
  await playOwn(openFriend(api), rescue);
  expect([await grant(rescue), await shields()]).toEqual([{ outcome: 'granted', granted: 1, refused: 0 }, [{ who: 'ana', shields: 1 }]]);
  expect((await openFriend(api).get(rescue.path)).text).toContain('A shield is yours');
  await signUp(api, tenant, 'ana', guest.guestToken(rescue.code));
  expect(await factsOf(api, rescue.runId)).toContain('buddy_signed_up');
  for (const again of [1, 2]) expect([again, await grant(rescue)]).toEqual([again, { outcome: 'granted', granted: 0, refused: 1 }]);
  expect([await shields(), await rewards()]).toEqual([[], [{ who: 'ana', state: 'reversed', reason: 'self_referral' }]]);
  expect((await openFriend(api).get(rescue.path)).text).not.toContain('A shield is yours');
  expect((await api.send(tenant, 'GET', '/v1/referrals')).body['data']).toEqual([]);
});

test('a second account of the same mailbox: neither has a shield, and nobody a credit', async () => {
  const rescue = await startRescue(api, tenant, programId);
  const guest = await helps(rescue);
  await playOwn(openFriend(api), rescue);
  await grant(rescue);
  await api.send(tenant, 'PUT', '/v1/members/ana-2', { contact: { email: 'Ana@Example.com' } });
  await signUp(api, tenant, 'ana-2', guest.guestToken(rescue.code));
  expect(await grant(rescue)).toEqual({ outcome: 'granted', granted: 0, refused: 2 });
  expect([await shields(), await refusals()]).toEqual([[], [{ who: 'ana', reason: 'self_referral' }, { who: 'ana-2', reason: 'self_referral' }]]);
});

test('a buddy named by the app who has the member\'s mailbox is the member', async () => {
  await api.send(tenant, 'PUT', '/v1/members/ana-2', { contact: { email: 'ana@example.com' } });
  const now = api.clock.now();
  const rescue = await startRescue(api, tenant, programId, { input: { streakEndsAt: new Date(now + 3_600_000).toISOString(), streakDay: new Date(now).toISOString().slice(0, 10), buddy: 'ana-2' } });
  expect([await grant(rescue), await shields()]).toEqual([{ outcome: 'granted', granted: 0, refused: 2 }, []]);
});

test('where somebody else finished, too, the member keeps the shield', async () => {
  const wide = await arrangeRescues(api, tenant, { life: { places: 2 } });
  const rescue = await startRescue(api, tenant, wide);
  const own = await helps(rescue);
  await helps(rescue);
  await playOwn(openFriend(api), rescue);
  await signUp(api, tenant, 'ana', own.guestToken(rescue.code));
  expect([await grant(rescue), await shields()]).toEqual([{ outcome: 'granted', granted: 1, refused: 0 }, [{ who: 'ana', shields: 1 }]]);
});
