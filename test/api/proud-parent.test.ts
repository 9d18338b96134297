import { queueRunMessage } from '../../activities/runs/queue-run-message.ts';
import { tellMember } from '../../activities/runs/tell-member.ts';
import { closeRun } from '../../db/write/close-run.ts';
import { purgeExpired } from '../../db/write/purge-expired.ts';
import { mondayAfter } from '../../src/domain/report/monday-after.ts';
import { readMail, type ReadableMail } from '../../src/dev/read-mail.ts';
import { tenantTables } from '../checks/support/tenant-tables.ts';
import { listIn, textIn } from '../support/api.ts';
import { openFresh } from '../support/landing.ts';
import { openPage } from '../support/open-page.ts';
import { CHILD, FIGURES, openProudParents, WEEK, type Parent, type ProudParents } from '../support/proud-parents.ts';

const MONDAY = mondayAfter(WEEK); // June 8
const DAY_MS = 86_400_000;
let world: ProudParents;
beforeAll(async () => { world = await openProudParents(); });
afterAll(() => world.close());
beforeEach(() => { world.sending.clock.set('2026-06-05T16:00:00Z'); });

/** What the run's story asks for when its Monday begins. */
async function sendCard({ runId }: Parent): Promise<{ count: number; reason: string | null }> {
  world.sending.clock.set(MONDAY.beginsAt);
  return queueRunMessage(world.sending.deps, { tenantId: world.sending.tenant.tenantId, runId, step: 'card', before: MONDAY.endsAt, kind: 'message', to: ['member'], message: 'card', values: FIGURES });
}
async function mailTo(address: string): Promise<ReadableMail | null> {
  const [mail] = world.sending.sink.deliveries().filter(({ to }) => to.includes(address));
  return mail === undefined ? null : readMail(await world.sending.sink.store.raw(mail));
}
async function cardOf(parent: Parent): Promise<ReadableMail> {
  await sendCard(parent);
  world.sending.clock.set('2026-06-08T07:30:00Z');
  await world.sending.sendDue();
  const mail = await mailTo(parent.email);
  if (mail === null) throw new Error('no card left');
  return mail;
}
const header = (mail: ReadableMail, wanted: string): string => mail.headers.find(({ name }) => name.toLowerCase() === wanted)?.value ?? '';

test('a card leaves on Monday from nine in the parent\'s own zone, and at no other hour', async () => {
  const [auckland, paris, honolulu] = [await world.startFor('Pacific/Auckland'), await world.startFor('Europe/Paris'), await world.startFor('Pacific/Honolulu')];
  for (const parent of [auckland, paris, honolulu]) await sendCard(parent);
  const left = async (at: string): Promise<number[]> => {
    world.sending.clock.set(at);
    await world.sending.sendDue();
    return [auckland, paris, honolulu].map(({ email }) => world.sending.mailTo(email));
  };
  expect(await left('2026-06-07T20:59:00Z')).toEqual([0, 0, 0]);
  expect(await left('2026-06-07T21:00:00Z')).toEqual([1, 0, 0]);
  expect(await left('2026-06-08T06:59:00Z')).toEqual([1, 0, 0]);
  expect(await left('2026-06-08T07:00:00Z')).toEqual([1, 1, 0]);
  expect(await left('2026-06-08T18:59:00Z')).toEqual([1, 1, 0]);
  expect(await left('2026-06-08T19:00:00Z')).toEqual([1, 1, 1]);
});

test('a card whose morning has passed is not sent on another day', async () => {
  const parent = await world.startFor('Europe/Paris');
  await sendCard(parent);
  await world.sending.sendDue();
  world.sending.clock.set('2026-06-08T10:00:00Z'); // noon in Paris: over
  await world.sending.sendDue();
  world.sending.clock.set('2026-06-15T08:00:00Z');
  await world.sending.sendDue();
  expect(world.sending.mailTo(parent.email)).toBe(0);
  expect((await world.factsOf(parent.runId)).map(({ kind, data }) => [kind, data['outcome'], data['reason']])).toEqual([['#message', 'not_sent', 'window_closed_first']]);
});

test('the child\'s name is sealed, stands in the mail, and in nothing else that is kept, said or logged', async () => {
  const parent = await world.startFor('Europe/Paris');
  const again = await world.start(parent.externalId, { childName: CHILD });
  const mail = await cardOf(parent);
  expect([again.status, header(mail, 'subject')]).toEqual([200, `${CHILD}'s week of learning`]);
  expect(mail.text).toContain(`This is what ${CHILD} did last week.`);
  const landing = await openFresh(world.api, `/i/${parent.code}`);
  const run = await world.api.send(world.sending.tenant, 'GET', `/v1/runs/${parent.runId}`);
  const share = await world.api.send(world.sending.tenant, 'GET', `/v1/runs/${parent.runId}/share`);
  const audit = await world.api.send(world.sending.tenant, 'GET', `/v1/audit?subjectId=${parent.runId}`);
  await tellMember(world.sending.deps, { tenantId: world.sending.tenant.tenantId, runId: parent.runId, step: 'joined_x', to: ['member'], message: 'friend_activated', values: {}, until: null, deepLink: null });
  expect([landing.status, run.status, share.status]).toEqual([200, 200, 200]);
  for (const said of [parent.answer, again.text, landing.text, run.text, share.text, audit.text, ...world.logged]) expect(said).not.toContain(CHILD);
  expect(run.body['input']).toEqual(expect.objectContaining({ week: WEEK, ...FIGURES }));
  expect(run.body['input']).not.toHaveProperty('childName');
  expect(await placesOf(CHILD)).toEqual([]);
  const sealed = await world.sending.database.superuser<{ name: string; sealed: Buffer }[]>`select name, text_sealed as sealed from run_private where run_id = ${parent.runId}`;
  expect(sealed.map(({ name }) => name)).toEqual(['childName']);
  expect(sealed.map((row) => world.sending.deps.keyring.open(world.sending.tenant.tenantId, row.sealed))).toEqual([CHILD]);
});

/** Where a word stands in the database, plain or as bytes. */
async function placesOf(word: string): Promise<string[]> {
  const places: string[] = [];
  for (const { name } of await tenantTables(world.sending.database.superuser)) {
    const rows = await world.sending.database.superuser.unsafe<{ column: string }[]>(
      `select distinct f.key as column from ${name} t, jsonb_each_text(to_jsonb(t)) f where f.value ilike '%${word}%' or f.value ilike '%${Buffer.from(word).toString('hex')}%'`);
    places.push(...rows.map(({ column }) => `${name}.${column}`));
  }
  return places;
}

test('the card carries the link to pass on, the ways to do it, none of which names the child, and a way out by one tap', async () => {
  const parent = await world.startFor('Europe/Paris', 'de');
  const mail = await cardOf(parent);
  const link = `https://flywheel.example/i/${parent.code}`;
  expect(header(mail, 'subject')).toBe(`Die Lernwoche von ${CHILD}`);
  expect(mail.text).toContain(link);
  const ways = [...(mail.html ?? '').matchAll(/href="((?:https:\/\/wa\.me|sms:|mailto:)[^"]*)"/g)].map(([, href]) => decodeURIComponent(href ?? ''));
  expect(ways.length).toBe(3);
  for (const way of ways) {
    expect(way).toContain(link);
    expect(way).not.toContain(CHILD);
  }
  expect(header(mail, 'list-unsubscribe-post')).toBe('List-Unsubscribe=One-Click');
  const out = new URL(/<(https:[^>]+)>/.exec(header(mail, 'list-unsubscribe'))?.[1] ?? '').pathname;
  const tapped = await openPage(world.api.url, out, { method: 'POST', body: 'List-Unsubscribe=One-Click', headers: { 'content-type': 'application/x-www-form-urlencoded' } });
  expect(tapped.status).toBe(200);
  const next = await world.start(parent.externalId, { week: '2026-W24', childName: CHILD });
  expect(await sendCard({ ...parent, runId: textIn(next.body, 'id') })).toEqual({ count: 0, reason: 'opted_out' });
});

test('the page and its share card show the figures and name no child', async () => {
  const { code } = await world.startFor('Europe/Paris');
  const page = await openFresh(world.api, `/i/${code}`);
  expect(page.text).toContain('Rosa is proud of a week of learning');
  for (const figure of ['Skills improved', '>95<', '>5<']) expect(page.text).toContain(figure);
  const card = await openFresh(world.api, `/i/${code}/card.png`);
  expect([card.status, card.headers['content-type']]).toEqual([200, 'image/png']);
});

test.each([['an address', 'mia@home.example'], ['a number', '+43 664 1234567'], ['a link', 'www.mia.example'], ['nothing', ''], ['41 characters', 'M'.repeat(41)], ['no name at all', 12]])('%s is no first name: refused with the place, and not said back', async (_what, childName) => {
  const { externalId } = await world.startFor('Europe/Paris');
  const { status, text, body } = await world.start(externalId, { week: '2026-W30', childName });
  expect([status, listIn(body, 'errors').map(({ path }) => path)]).toEqual([400, ['/input/childName']]);
  if (typeof childName === 'string' && childName !== '') expect(text).not.toContain(childName);
});

test('a week that there is not is refused', async () => {
  const { externalId } = await world.startFor('Europe/Paris');
  expect(listIn((await world.start(externalId, { week: '2027-W53', childName: CHILD })).body, 'errors').map(({ path }) => path)).toEqual(['/input/week']);
});

test('a name goes 30 days after its run has closed, and not before', async () => {
  const parent = await world.startFor('Europe/Paris');
  const stays = await world.startFor('Europe/Paris');
  const { tenantId } = world.sending.tenant;
  const closedAt = world.sending.clock.now();
  await world.sending.deps.db.asTenant(tenantId, (tx) => closeRun(tx, { tenantId, runId: parent.runId, generation: 1, outcome: 'quiet_week', reason: null, unless: null, now: closedAt }));
  const kept = async (): Promise<number[]> => Promise.all([parent, stays].map(async ({ runId }) => (await world.sending.database.superuser`select from run_private where run_id = ${runId}`).count));
  await purgeExpired(world.sending.database.relay, closedAt + 30 * DAY_MS - 1);
  expect(await kept()).toEqual([1, 1]);
  await purgeExpired(world.sending.database.relay, closedAt + 30 * DAY_MS);
  expect(await kept()).toEqual([0, 1]);
});

test('a card whose name was removed does not leave without it', async () => {
  const parent = await world.startFor('Europe/Paris');
  await world.sending.database.superuser`delete from run_private where run_id = ${parent.runId}`;
  await sendCard(parent);
  world.sending.clock.set('2026-06-08T07:30:00Z');
  await world.sending.sendDue();
  expect(world.sending.mailTo(parent.email)).toBe(0);
});
