import { insertInviteLinks } from '../../db/write/create-link.ts';
import { inviteRef } from '../../src/domain/ids.ts';
import type { InviteRef, ProgramId } from '../../src/domain/ids.ts';
import { inviteCode } from '../../src/domain/link/code.ts';
import { listIn, openTestApi, textIn } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { answerInvitation, makeLiveProgram, openFresh, post, tokenIn } from '../support/landing.ts';

/* Landing pages of those to whom we wrote: the link is the invite's own, so the page knows for whom it was meant. */
let api: TestApi;
let tenant: TestTenant;
let programId: ProgramId;
let friends = 0;
beforeAll(async () => {
  api = await openTestApi({ trustProxy: 1 });
  tenant = await api.makeTenant();
  programId = await makeLiveProgram(api, tenant);
  await api.send(tenant, 'PUT', '/v1/members/ana', { name: 'Ana', contact: { email: 'ana@example.com' } });
});
afterAll(() => api.close());

const DECK = { questions: [0, 1, 2].map((answer) => ({ text: `Which is ${String(answer)}?`, choices: ['0', '1', '2'], answer })) };

/** A challenge with one friend asked by mail, and the link of that mail as the sender makes it. */
async function ask(): Promise<{ code: string; runId: string; invite: InviteRef; email: string }> {
  const email = `friend-${String((friends += 1))}@friends.example`;
  const started = await api.send(tenant, 'POST', '/v1/runs', { programId, externalId: 'ana', subject: email, deck: DECK, invitees: [{ email, consent: { basis: 'inviter_attested' } }] });
  if (started.status !== 201) throw new Error(started.text);
  const runId = textIn(started.body, 'id');
  const [{ id }] = await api.database.superuser<[{ id: string }]>`
    select 'inv_' || substr(i.batch_id, 5) || '00' as id from invites i join invite_batches b on b.id = i.batch_id where b.run_id = ${runId}`;
  const invite = inviteRef(id);
  if (invite === null) throw new Error(`no invite: ${id}`);
  const code = inviteCode(api.services.keyring, invite);
  await api.services.db.asTenant(tenant.tenantId, (tx) => insertInviteLinks(tx, [{ code, ...invite, memberId: null, leadsTo: { destination: 'https://app.kite.example/join', utm: {} } }], tenant.tenantId, api.clock.now()));
  await api.database.superuser`update links set run_id = ${runId} where code = ${code}`;
  return { code, runId, invite, email };
}

const suppressed = (batchId: string) => api.database.superuser`select 1 from suppressions s join invites i on i.recipient_hash = s.recipient_hash where i.batch_id = ${batchId} and s.lifted_at is null`;

test('"nothing more like this" stops everything at the address, with what was read in the log of consents, and the run hears of it', async () => {
  const { code, runId, invite } = await ask();
  const { answered, token } = await answerInvitation(api, code, 'stop', { opening: { headers: { 'accept-language': 'es' } } });
  expect([answered.status, answered.text.includes('No llegarán más mensajes de Kite Club')]).toEqual([200, true]);
  expect(await suppressed(invite.batchId)).toHaveLength(1);
  const consents = await api.database.superuser`select action, source, wording_version as wording, locale from consents where tenant_id = ${tenant.tenantId} order by action limit 1`;
  expect([...consents]).toEqual([{ action: 'withdrawn', source: 'preference_page', wording: 'landing/1', locale: 'es' }]);
  const [row] = await api.database.superuser<{ state: string }[]>`select state from invites where batch_id = ${invite.batchId}`;
  expect(row?.state).not.toBe('waiting');
  expect(await api.database.superuser`select 1 from run_facts where run_id = ${runId} and kind = 'friend_declined'`).toHaveLength(1);
  expect((await post(api, `/i/${code}`, { token, do: 'stop' })).status).toBe(200);
  expect(await suppressed(invite.batchId)).toHaveLength(1);
});

test('one friend who declines on two visits has declined once: another who was asked still may come', async () => {
  const { code, runId } = await ask();
  for (const answer of ['decline', 'decline', 'stop']) expect((await answerInvitation(api, code, answer)).answered.status).toBe(200);
  expect(await api.database.superuser`select 1 from run_facts where run_id = ${runId} and kind = 'friend_declined'`).toHaveLength(1);
});

test('who has the link that is passed on declines for nobody who was asked by name', async () => {
  const { code: invited, runId } = await ask();
  const [passedOn] = await api.database.superuser<{ code: string }[]>`select code from links where run_id = ${runId} and code <> ${invited}`;
  for (const answer of ['decline', 'stop']) expect((await answerInvitation(api, passedOn?.code ?? '', answer)).answered.status).toBe(200);
  expect(await api.database.superuser`select 1 from run_facts where run_id = ${runId} and kind = 'friend_declined'`).toHaveLength(0);
  expect(await api.database.superuser`select 1 from landing_answers where run_id = ${runId}`).toHaveLength(2);
});

test('accepted once, the link is used for everybody else, and leads its guest back to the game', async () => {
  const { code } = await ask();
  const token = tokenIn(await openFresh(api, `/i/${code}`));
  const { answered } = await answerInvitation(api, code, 'accept');
  expect(answered.headers.location).toBe(`/play/${code}`);
  const other = await openFresh(api, `/i/${code}`);
  expect([other.status, other.text.includes('This invitation was accepted already'), other.text.includes('<form')]).toEqual([410, true, false]);
  const late = await post(api, `/i/${code}`, { token, do: 'accept' });
  expect([late.status, late.headers['set-cookie']]).toEqual([410, undefined]);
  const cookie = answered.headers['set-cookie']?.[1]?.split(';')[0] ?? '';
  const guest = await openFresh(api, `/i/${code}`, { headers: { cookie } });
  expect([guest.status, guest.text.includes('value="accept"')]).toEqual([200, true]);
});

test('a link passed on shows nothing of whom it was meant for', async () => {
  const { code, email, invite } = await ask();
  const { text } = await openFresh(api, `/i/${code}`);
  for (const secret of [email, email.split('@')[0] ?? email, invite.batchId]) expect(text).not.toContain(secret);
});

test('a run without a link of its own to share has none: 404; of another tenant as well', async () => {
  const { runId } = await ask();
  expect((await api.send(tenant, 'GET', `/v1/runs/${runId}/share`)).status).toBe(200);
  expect((await api.send(await api.makeTenant(), 'GET', `/v1/runs/${runId}/share`)).status).toBe(404);
  await api.database.superuser`update links set revoked_at = ${api.clock.now()} where run_id = ${runId} and kind = 'share'`;
  expect((await api.send(tenant, 'GET', `/v1/runs/${runId}/share`)).status).toBe(404);
  expect(listIn((await api.send(tenant, 'GET', '/v1/runs')).body, 'data').length).toBeGreaterThan(0);
});

test.each(['decline', 'report'] as const)('who has answered (%s) is not reminded, and nothing else of the invite changes', async (answer) => {
  const { code, runId, invite } = await ask();
  const reminded = async () => (await api.database.superuser<{ state: string; reminder: boolean }[]>`select state, step is not null as reminder from invites where batch_id = ${invite.batchId}`)[0];
  await api.database.superuser`update invites set state = 'handed_off', step = 1, due_at = ${new Date(api.clock.now() + 86_400_000).toISOString()} where batch_id = ${invite.batchId}`;
  expect((await answerInvitation(api, code, answer)).answered.status).toBe(200);
  expect(await reminded()).toEqual({ state: 'handed_off', reminder: false });
  expect(await api.database.superuser`select inputs from decisions where subject_id = ${invite.batchId} and kind = 'canceled'`).toEqual([expect.objectContaining({ inputs: { answer } })]);
  expect(await api.database.superuser`select 1 from run_facts where run_id = ${runId} and kind = '#message'`).toHaveLength(0);
});
