import { hearProvider } from '../../db/write/breaker.ts';
import { z } from 'zod';
import { buildName } from '../../src/config/build.ts';
import { inviteId, makeId, type InviteId } from '../../src/domain/ids.ts';
import { NOON } from '../support/api.ts';
import { runCli, runJson } from '../support/cli.ts';
import { invitee, openTestSending, type TestSending } from '../support/sending.ts';

/** What waits, what is held, and why: outbox, held, lanes, explain, audit. */
let sending: TestSending;
let env: { DATABASE_URL: string };
beforeEach(async () => {
  sending = await openTestSending();
  env = { DATABASE_URL: sending.database.ownerUrl };
});
afterEach(() => sending.close());

const group = z.object({ tenantId: z.string(), lane: z.string(), programId: z.string(), reason: z.string(), note: z.string().nullable(), messages: z.number(), overdue: z.number(), since: z.string().nullable(), first: z.array(z.string()), todo: z.string() });
const held = z.object({ messages: z.number(), groups: z.array(group) });
const outbox = z.object({ waiting: z.number(), oldestAgeMs: z.number().nullable(), lanes: z.array(z.object({ tenantId: z.string(), lane: z.string(), waiting: z.number() })) });

async function acceptThree(): Promise<{ programId: string; ids: InviteId[] }> {
  const programId = await sending.makeProgram({ reminders: [], coolingHours: 0 });
  const { batchId } = await sending.accept(programId, ['a', 'b', 'c'].map((name) => invitee(`${name}${programId}@friends.example`)));
  return { programId, ids: [0, 1, 2].map((n) => inviteId({ batchId, n })) };
}

test('the outbox shows what Temporal has still to be told, and is empty when it was', async () => {
  await acceptThree();
  const waiting = await runJson(env, ['outbox'], outbox);
  expect(waiting).toMatchObject({ waiting: 1, lanes: [{ tenantId: sending.tenant.tenantId, lane: 'email-0', waiting: 1 }] });
  expect(waiting.oldestAgeMs).toBeGreaterThan(0);
  expect((await runCli(env, ['outbox'])).out).toContain('1 row waits, the oldest for');
  await sending.database.superuser`delete from outbox`;
  expect(await runCli(env, ['outbox'])).toEqual({ code: 0, out: 'The outbox is empty.\n', err: '' });
});

test('what only waits for its hour is not held', async () => {
  await acceptThree();
  expect(await runCli(env, ['held'])).toEqual({ code: 0, out: 'Nothing is held.\n', err: '' });
});

test('a paused program, a hard stop and a paused tenant each hold with their reason, the widest first', async () => {
  const { programId, ids } = await acceptThree();
  const { tenantId } = sending.tenant;
  await sending.database.superuser`update programs set paused_at = ${NOON} where id = ${programId}`;
  const byProgram = await runJson(env, ['held', '--first', '2'], held);
  expect(byProgram).toEqual({
    messages: 3,
    groups: [{ tenantId, lane: 'email-0', programId, reason: 'program_paused', note: null, messages: 3, overdue: 3, since: new Date(NOON).toISOString(), first: ids.slice(0, 2), todo: expect.stringContaining(`/v1/programs/${programId}/resume`) }],
  });
  await sending.database.superuser`insert into hard_stops values (${tenantId}, 'email', 'wrong price', ${NOON + 1})`;
  expect((await runJson(env, ['held'], held)).groups).toMatchObject([{ reason: 'hard_stop', note: 'wrong price', messages: 3 }]);
  await runCli(env, ['tenant', 'pause', tenantId]);
  expect((await runJson(env, ['held', '--tenant', tenantId], held)).groups).toMatchObject([{ reason: 'tenant_paused', todo: `npx flywheel tenant resume ${tenantId}` }]);
  expect((await runJson(env, ['held', '--reason', 'hard_stop'], held)).messages).toBe(0);
  expect((await runCli(env, ['held'])).out).toContain(`3 messages in email-0 of ${tenantId}, program ${programId}: the tenant is paused, since `);
});

test('rows to be planned again and hand-offs of unknown outcome are held, each with its reason', async () => {
  const { ids } = await acceptThree();
  await sending.database.superuser`update invites set stale = true where n = 1`;
  await sending.database.superuser`
    with attempt as (insert into attempts (tenant_id, lane, epoch, batch_ids, ns, claimed_at) select tenant_id, 'email-0', 1, array[batch_id], array[n], ${NOON} from invites where n = 2 returning id),
         gone as (update invites set state = 'unknown', step = null, attempt_id = (select id from attempt) where n = 2 returning *)
    insert into messages (batch_id, n, step, channel, tenant_id, attempt_id, state, recorded_at) select batch_id, n, 0, 'email', tenant_id, attempt_id, 'unknown', ${NOON + 5} from gone`;
  const { groups } = await runJson(env, ['held'], held);
  expect(groups).toMatchObject([
    { reason: 'stale', messages: 1, first: [ids[1]] },
    { reason: 'unknown', messages: 1, overdue: 0, first: [ids[2]], since: new Date(NOON + 5).toISOString() },
  ]);
});

test('a lane shows which build served it last, and what it has before it', async () => {
  await acceptThree();
  await sending.sendDue();
  const lanes = z.object({ build: z.string(), lanes: z.array(z.object({ lane: z.string(), servedBy: z.string(), servedAt: z.string(), clockSkewMs: z.number(), openBatches: z.number(), workflowId: z.string() })) });
  expect(await runJson(env, ['lanes'], lanes)).toEqual({
    build: buildName(),
    lanes: [{ lane: 'email-0', servedBy: buildName(), servedAt: new Date(NOON).toISOString(), clockSkewMs: 0, openBatches: 1, workflowId: `sender/${sending.tenant.tenantId}/email-0` }],
  });
  expect((await runCli(env, ['lanes'])).out).toContain(buildName());
});

test('a breaker is listed with what it holds, the lanes say so, and a reset closes it', async () => {
  await acceptThree();
  await sending.sendDue();
  const sql = sending.database.app.sql;
  expect((await runCli(env, ['breakers', 'list'])).out).toContain('No provider has failed yet.');
  await hearProvider(sql, 'email:smtp.example', { failures: 50, answers: 0, reason: 'cannot_connect' }, Date.now() + 3_600_000, 0.5);
  const breakers = z.object({ breakers: z.array(z.object({ provider: z.string(), state: z.string(), reason: z.string().nullable(), openings: z.number() })) });
  const listed = await runCli(env, ['breakers', 'list', '--json']);
  expect([listed.code, breakers.parse(JSON.parse(listed.out))]).toEqual([1, { breakers: [{ provider: 'email:smtp.example', state: 'open', reason: 'cannot_connect', openings: 1 }] }]);
  expect((await runCli(env, ['lanes'])).out).toContain('breaker: mail server smtp.example fails (cannot_connect)');
  expect((await runCli(env, ['breakers', 'reset', 'email:other.example'])).code).toBe(1);
  expect((await runCli(env, ['breakers', 'reset', 'email:smtp.example'])).out).toContain('The breaker of email:smtp.example is closed');
  const closed = await runCli(env, ['breakers', 'list']);
  expect([closed.code, closed.out.includes('closed')]).toEqual([0, true]);
});

test('an invite\'s story is told as the API tells it, without its address', async () => {
  const { ids: [id = ''] } = await acceptThree();
  await sending.sendDue();
  const story = await runJson(env, ['explain', id], z.looseObject({ inviteId: z.string(), now: z.looseObject({ state: z.string() }), entries: z.array(z.looseObject({ kind: z.string() })) }));
  expect(story).toMatchObject({ inviteId: id, now: { state: 'handed_off' } });
  expect(story.entries.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['accepted', 'handed_off']));
  const { out } = await runCli(env, ['explain', id]);
  expect(out).toContain('handed_off');
  expect(out).not.toMatch(/@/);
});

test('an invite that is not there is said, and so are ids that are none', async () => {
  const nothing = inviteId({ batchId: makeId('bat', NOON, new Uint8Array(10)), n: 3 });
  expect(await runCli(env, ['explain', nothing])).toMatchObject({ code: 1, out: '', err: expect.stringContaining(`There is no invite ${nothing}.`) });
  const { ids: [id = ''] } = await acceptThree();
  expect(await runCli(env, ['explain', `${id.slice(0, -2)}zz`])).toMatchObject({ code: 1, err: expect.stringContaining('There is no invite') });
});

test('the audit of an invite, of its program and of something unknown: newest first, only what is about it', async () => {
  const decisions = z.object({ decisions: z.array(z.object({ kind: z.string(), at: z.string(), tenantId: z.string(), inputs: z.record(z.string(), z.unknown()) })) });
  const { programId, ids: [id = ''] } = await acceptThree();
  const ofInvite = (await runJson(env, ['audit', '--subject', id], decisions)).decisions;
  expect(ofInvite.length).toBeGreaterThan(0);
  expect(ofInvite.map(({ at }) => at)).toEqual(ofInvite.map(({ at }) => at).toSorted().toReversed());
  expect(JSON.stringify(ofInvite)).not.toContain('@');
  expect((await runJson(env, ['audit', '--subject', id, '--limit', '1'], decisions)).decisions).toEqual(ofInvite.slice(0, 1));
  // A program's tenant is not in its id: every tenant is asked.
  await sending.database.superuser`insert into decisions values (${makeId('dec', NOON, new Uint8Array(10))}, ${sending.tenant.tenantId}, ${programId}, null, 'program_paused', 'why', '{"email": "a@b.example"}', 'key_1', ${NOON})`;
  expect((await runJson(env, ['audit', '--subject', programId], decisions)).decisions).toMatchObject([{ kind: 'program_paused', tenantId: sending.tenant.tenantId, inputs: { email: '…' } }]);
  expect(await runCli(env, ['audit', '--subject', 'prg_nothing'])).toEqual({ code: 0, out: 'No decision is on record about prg_nothing.\n', err: '' });
});
