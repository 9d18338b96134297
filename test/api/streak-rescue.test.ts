import { grantForRun } from '../../db/write/rewards/grant-for-run.ts';
import { asId } from '../../src/domain/ids.ts';
import { NOON, openTestApi, textIn } from '../support/api.ts';
import type { Reply, TestApi, TestTenant } from '../support/api.ts';
import { DECK, hiddenIn, openFriend, playOn, signUp } from '../support/play.ts';

const HOUR_MS = 3_600_000;
let api: TestApi;
let tenant: TestTenant;
let programId: string;
let days = 0;
beforeAll(async () => {
  api = await openTestApi();
  tenant = await api.makeTenant();
  await api.send(tenant, 'PUT', '/v1/members/ana', { name: 'Ana Bell', contact: { email: 'ana@example.com' }, zone: 'Europe/Paris' });
  programId = textIn((await api.send(tenant, 'POST', '/v1/programs', { loop: 'streak-rescue', title: 'Rescues' })).body, 'id');
});
beforeEach(() => { api.clock.advance(24 * HOUR_MS); days += 1; });
afterAll(() => api.close());

type Rescue = { runId: string; code: string; page(language?: string): Promise<string>; facts(): Promise<string[]> };
const dayText = (at: number): string => new Date(at).toISOString().slice(0, 10);
const ask = (input: Record<string, unknown> = {}, more: Record<string, unknown> = {}): Promise<Reply> => api.send(tenant, 'POST', '/v1/runs', {
  programId, externalId: 'ana', deck: DECK, input: { streakEndsAt: new Date(NOON + days * 24 * HOUR_MS + 4 * HOUR_MS).toISOString(), streakDay: dayText(api.clock.now()), streakDays: 12, ...input }, ...more });
async function start(input: Record<string, unknown> = {}, more: Record<string, unknown> = {}): Promise<Rescue> {
  const reply = await ask(input, more);
  const link = reply.body['link'];
  if (typeof link !== 'object' || link === null || !('code' in link)) throw new Error(`not started: ${reply.text}`);
  const path = new URL(textIn(reply.body, 'waitingUrl')).pathname;
  const runId = textIn(reply.body, 'id');
  return {
    runId, code: String(link.code),
    page: async (language = 'en') => (await openFriend(api, language).get(path)).text,
    facts: async () => (await api.database.superuser<{ kind: string }[]>`select kind from run_facts where run_id = ${runId} order by recorded_at, kind`).map(({ kind }) => kind),
  };
}
const finishes = (externalId: string, runId: string): Promise<Reply> => api.send(tenant, 'POST', '/v1/events', { events: [{ eventId: `${externalId}-${runId}`, type: 'deck_completed', externalId, properties: { runId } }] });

test('a stranger who has the link declines neither for a buddy who was named nor for one who was written to', async () => {
  await api.send(tenant, 'PUT', '/v1/members/kim', { contact: { email: 'kim@example.com' } });
  const named = await start({ buddy: 'kim' });
  const written = await start({}, { subject: 'written', invitees: [{ email: 'ben@example.com', consent: { basis: 'inviter_attested' } }] });
  for (const { code, facts } of [named, written]) {
    const stranger = openFriend(api);
    const said = await stranger.post(`/i/${code}`, { ...hiddenIn((await stranger.get(`/i/${code}`)).text), do: 'decline' });
    expect([said.status, await facts()]).toEqual([200, []]);
  }
});

test('a buddy plays as a guest, the member in the app: the run hears of both, and the countdown says who has finished', async () => {
  const rescue = await start();
  const waiting = await rescue.page();
  expect(waiting).toContain('120 minutes left');
  expect(waiting).toContain('Until 4:00 PM.');
  expect(waiting).toContain('<span>Your buddy</span><b>not here yet</b>');
  expect(waiting).toContain(`value="https://flywheel.example/i/${rescue.code}"`);
  expect(waiting).toContain('<noscript><meta http-equiv="refresh" content="10"></noscript>');
  expect(Buffer.byteLength(waiting)).toBeLessThan(30_000);
  const buddy = openFriend(api);
  expect((await buddy.get(`/i/${rescue.code}`)).text).toMatch(/<dt>Days in a row<\/dt><dd>12<\/dd>/);
  await buddy.accept(rescue.code);
  api.clock.advance(30 * 60_000 + 1);
  await playOn(buddy, rescue.code, [true, true]);
  expect(await rescue.page()).toContain('<span>Your buddy</span><b>2 of 5 answered</b>');
  expect(await rescue.page()).toContain('90 minutes left');
  await playOn(buddy, rescue.code, [true, false, true], 2);
  expect(await rescue.page()).toContain('<span>Your buddy</span><b>finished</b>');
  await finishes('ana', rescue.runId);
  const saved = await rescue.page();
  expect(saved).toContain('Your streak is saved.');
  expect(saved).not.toContain('refresh');
  expect(await rescue.page('de')).toContain('Deine Serie ist gerettet.');
  expect((await signUp(api, tenant, 'ben', buddy.guestToken(rescue.code))).status).toBe(200);
  expect((await rescue.facts()).toSorted()).toEqual(['buddy_finished', 'buddy_joined', 'buddy_joined', 'buddy_signed_up', 'member_finished']);
});

test('the rescue gives a shield to the member, and one to the guest on signing up, each once; shields are freezes', async () => {
  const rescue = await start();
  const buddy = openFriend(api);
  await buddy.accept(rescue.code);
  await playOn(buddy, rescue.code, [true, true, true, true, true]);
  await finishes('ana', rescue.runId);
  const { tenantId } = tenant;
  const grant = () => api.database.app.asTenant(tenantId, (tx) => grantForRun(tx, { tenantId, runId: asId('run', rescue.runId), fact: 'rescued', at: api.clock.now(), now: api.clock.now() }));
  const freezes = async (): Promise<unknown> => api.database.superuser`
    select m.external_id as who, sum(g.count)::int as freezes from streak_grants g join members m on m.id = g.member_id where g.tenant_id = ${tenantId} group by 1 order by 1`;
  expect([await grant(), await grant(), await freezes()]).toEqual([{ outcome: 'granted', granted: 1, refused: 0 }, { outcome: 'granted', granted: 1, refused: 0 }, [{ who: 'ana', freezes: 1 }]]);
  await signUp(api, tenant, 'cora', buddy.guestToken(rescue.code));
  api.clock.advance(60_000);
  expect([await grant(), await grant(), await freezes()]).toEqual([{ outcome: 'granted', granted: 2, refused: 0 }, { outcome: 'granted', granted: 2, refused: 0 }, [{ who: 'ana', freezes: 1 }, { who: 'cora', freezes: 1 }]]);
});

test('a deck that was finished is practice: it keeps the streak', async () => {
  const rescue = await start();
  const streakOf = async (): Promise<unknown> => (await api.send(tenant, 'GET', '/v1/members/ana/streaks')).body;
  const before = JSON.stringify(await streakOf());
  await finishes('ana', rescue.runId);
  expect(JSON.stringify(await streakOf())).not.toBe(before);
  expect(JSON.stringify(await streakOf())).toContain('"active"');
});

test('there is one rescue a member and day, whatever is repeated', async () => {
  const first = await ask();
  api.clock.advance(60_000);
  const again = await ask({ streakDays: 13 });
  expect([first.status, again.status, textIn(again.body, 'id')]).toEqual([201, 200, textIn(first.body, 'id')]);
});

test('two hours run from the asking, never past the streak\'s end; then answers come too late, and the page says so kindly', async () => {
  const short = await start({ streakEndsAt: new Date(api.clock.now() + 30 * 60_000).toISOString() });
  expect(await short.page()).toContain('30 minutes left');
  const buddy = openFriend(api);
  await buddy.accept(short.code);
  await playOn(buddy, short.code, [true, true]);
  api.clock.advance(29 * 60_000 + 30_000);
  expect(await short.page()).toContain('Less than a minute left');
  const form = hiddenIn((await buddy.get(`/play/${short.code}`)).text);
  api.clock.advance(30_000);
  expect((await buddy.post(`/play/${short.code}`, { ...form, choice: '0' })).status).toBe(409);
  expect(await short.page()).toContain('The time is over.');
});

test.each([
  ['rescued', 'Your streak is saved.'], ['saved_alone', 'Your streak goes on.'], ['member_alone', 'Your streak goes on.'], ['declined', 'Your buddy cannot help today.'],
  ['expired', 'The time is over.'], ['not_sent', 'The time is over.'], ['unfinished', 'The time is over.'], ['buddy_alone', 'The time is over.'], ['too_late', 'The time is over.'], ['canceled', 'The time is over.'],
])('a run that ended as %s has a page of its own', async (outcome, says) => {
  const rescue = await start();
  await api.database.superuser`update runs set outcome = ${outcome}, closed_at = ${api.clock.now()}, due_at = null where id = ${rescue.runId}`;
  const page = await rescue.page();
  expect(page).toContain(says);
  expect(page).not.toContain('minutes left');
});

test('a buddy who is a member is named by the app\'s own id, and counts by what the app tells of them in this run alone', async () => {
  await api.send(tenant, 'PUT', '/v1/members/kim', { contact: { email: 'kim@example.com' }, zone: 'Europe/Paris' });
  const rescue = await start({ buddy: 'kim' });
  await finishes('kim', 'run_01ksr49200081040g2081040g2');
  expect(await rescue.facts()).toEqual([]);
  await finishes('kim', rescue.runId);
  expect(await rescue.facts()).toEqual(['buddy_finished']);
});

test.each([
  ['streakEndsAt', { streakEndsAt: '2027-01-01T00:00:00Z' }, 'Must be within 48 hours from now.'],
  ['streakEndsAt', { streakEndsAt: '2020-01-01T00:00:00Z' }, 'Must be within 48 hours from now.'],
  ['streakDay', { streakDay: '2027-01-01' }, 'Must be within 48 hours from now.'],
  ['streakDay', { streakDay: 'today' }, 'Must be a day of the calendar, as in 2026-06-10.'],
  ['streakEndsAt', { streakEndsAt: null }, 'This loop\'s start needs it: an instant of the years 1900 to 2199 as ISO 8601 with Z or an offset, as in 2026-06-10T08:00:00Z.'],
  ['buddy', { buddy: 'nobody' }, 'There is no such member. Upsert it first.'],
  ['buddy', { buddy: 'ana' }, 'Must be another member than the one for whom the run is started.'],
])('a start whose %s is wrong is refused by name: %j', async (field, input, message) => {
  const reply = await ask(input);
  expect([reply.status, reply.body['errors']]).toEqual([400, [{ path: `/input/${field}`, message }]]);
});

test('two invitees are one too many, and without questions there is nothing to answer together', async () => {
  const invitee = (n: number) => ({ email: `b${String(n)}@example.com`, consent: { basis: 'inviter_attested' } });
  expect((await ask({}, { invitees: [invitee(1), invitee(2)] })).body['errors']).toEqual([{ path: '/invitees', message: 'Name 0 to 1 invitees.' }]);
  expect((await ask({}, { deck: undefined })).body['errors']).toEqual([{ path: '/deck', message: 'This loop needs the questions that are played.' }]);
});
