import { randomUUID } from 'node:crypto';
import { TooLate } from '../../src/api/deadline.ts';
import { shareTransactions } from '../../src/api/shared-transaction.ts';
import { asId } from '../../src/domain/ids.ts';
import { listIn, textIn } from '../support/api.ts';
import { useTenantEach, useTestApi } from '../support/use-test-api.ts';

/** Keyed requests of one tenant that are sent at the same time. */
const api = useTestApi();
const tenant = useTenantEach(api);
const PEOPLE = Array.from({ length: 6 }, (_none, n) => `user-${String(n)}`);

const tell = (eventId: string, externalId: string, how: { key?: string; type?: string } = {}) =>
  api.send(tenant, 'POST', '/v1/events', { events: [{ eventId, type: how.type ?? 'lesson_finished', externalId }] }, how.key === undefined ? {} : { idempotencyKey: how.key });
const outcomeOf = ({ body }: { body: Record<string, unknown> }): unknown => listIn(body, 'results')[0]?.['outcome'];
const countOf = async (table: 'events' | 'runs'): Promise<number> =>
  (await api.database.superuser<{ n: number }[]>`select count(*)::int as n from ${api.database.superuser(table)} where tenant_id = ${tenant.tenantId}`)[0]?.n ?? 0;

test('each hears what became of its own facts, whoever they share a transaction with', async () => {
  const sent = Array.from({ length: 40 }, (_none, n) => ({ eventId: `e-${String(n % 30)}`, externalId: PEOPLE[n % PEOPLE.length] ?? '' }));
  const [wrong, ...answers] = await Promise.all([tell('view', 'user-0', { type: 'link_viewed' }), ...sent.map(({ eventId, externalId }) => tell(eventId, externalId))]);
  expect(answers.map(({ status }) => status)).toEqual(sent.map(() => 200));
  expect(answers.map(({ body }) => listIn(body, 'results')[0]?.['eventId'])).toEqual(sent.map(({ eventId }) => eventId));
  expect(answers.filter((answer) => outcomeOf(answer) === 'stored')).toHaveLength(30);
  expect(answers.filter((answer) => outcomeOf(answer) === 'duplicate')).toHaveLength(10);
  expect(wrong === undefined ? null : outcomeOf(wrong)).toBe('refused');
  expect(await countOf('events')).toBe(30);
});

test('a key that is used twice at once is heeded once, and another request under it is refused', async () => {
  const key = randomUUID();
  const answers = await Promise.all([tell('one', 'user-1', { key }), tell('one', 'user-1', { key }), tell('two', 'user-2', { key }), tell('three', 'user-3')]);
  const [first, again, other, own] = answers.map(({ status }) => status);
  expect([first, own]).toEqual([200, 200]);
  expect([200, 409]).toContain(again);
  expect([409, 422]).toContain(other);
  expect(await countOf('events')).toBe(2);
  const late = await tell('one', 'user-1', { key });
  expect([late.status, outcomeOf(late)]).toEqual([200, 'stored']);
  expect((await tell('two', 'user-2', { key })).status).toBe(422);
});

test('of starts at once each occasion has one run, and what is wrong with one is said of that one alone', async () => {
  const programId = textIn((await api.send(tenant, 'POST', '/v1/programs', { loop: 'seller-to-buyer', title: 'Buy' })).body, 'id');
  await Promise.all(PEOPLE.map((who) => api.send(tenant, 'PUT', `/v1/members/${who}`, {})));
  const start = (externalId: string, quoteId: unknown) => api.send(tenant, 'POST', '/v1/runs', { programId, externalId, input: { quoteId } });
  const [unknown, noQuote, ...twice] = await Promise.all([start('nobody', 'q'), start('user-0', 7), ...PEOPLE.flatMap((who) => [start(who, 'q'), start(who, 'q')])]);
  expect([unknown?.status, noQuote?.status]).toEqual([400, 400]);
  expect(JSON.stringify(noQuote?.body['errors'])).toContain('/input/quoteId');
  for (const [i] of PEOPLE.entries()) {
    const pair = twice.slice(2 * i, 2 * i + 2);
    expect(pair.map(({ status }) => status).toSorted()).toEqual([200, 201]);
    expect(new Set(pair.map(({ body }) => JSON.stringify([body['id'], body['link']]))).size).toBe(1);
  }
  expect(await countOf('runs')).toBe(PEOPLE.length);
  const rows = await api.database.superuser<{ people: number; links: number; told: number }[]>`
    select (select count(*)::int from run_people p where p.run_id = r.id) as people, (select count(*)::int from links l where l.run_id = r.id) as links,
           (select count(*)::int from outbox o where o.lane = r.id and o.kind = 'start_run') as told from runs r where tenant_id = ${tenant.tenantId}`;
  expect(rows).toEqual(PEOPLE.map(() => ({ people: 1, links: 1, told: 1 })));
});

type Given = { readonly text: string; readonly spoils?: boolean };
const KEY_ID = asId('key', 'key_00000000000000000000000000');

/** A route's part alone: keeps each text, fails where one spoils it. */
function openSharing(onWritten: (texts: readonly string[]) => void = () => {}) {
  const groups: string[][] = [];
  const share = shareTransactions<Given>(async ({ tx, tenantId, now }, asked) => {
    groups.push(asked.map(({ body }) => body.text));
    for (const { body: { text, spoils } } of asked) {
      await tx.sql`insert into idempotency (tenant_id, key, fingerprint, status, body_sealed, created_at) values (${tenantId}, ${`kept ${text}`}, ${Buffer.alloc(32)}, 200, ${Buffer.alloc(1)}, ${now})`;
      if (spoils === true) await tx.sql`select 1 / (select 0)`;
    }
    onWritten(asked.map(({ body }) => body.text));
    return asked.map(({ body }) => ({ status: 200, body: { text: body.text } }));
  });
  const send = (body: Given, isOver: () => boolean = () => false) => share(api.services, {
    key: body.text, fingerprint: Buffer.alloc(32, body.text), requestId: 'req_1', tenantId: tenant.tenantId, traceparent: null, keyId: KEY_ID, body, isOver });
  const kept = async (): Promise<string[]> => (await api.database.superuser<{ key: string }[]>`select key from idempotency where tenant_id = ${tenant.tenantId} and key like 'kept %' order by key`).map(({ key }) => key.slice(5));
  return { groups, send, kept };
}

test('one that fails is alone with it', async () => {
  const { groups, send, kept } = openSharing();
  const [first, spoilt, last] = await Promise.allSettled([send({ text: 'a' }), send({ text: 'b', spoils: true }), send({ text: 'c' })]);
  expect([first.status, spoilt.status, last.status]).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(groups[0]).toEqual(['a', 'b', 'c']);
  expect(await kept()).toEqual(['a', 'c']);
});

test('whose caller has been told to come again finds nothing done, before or in the middle, and the others all of theirs', async () => {
  const gone = new Set(['b']);
  const { send, kept } = openSharing((texts) => { if (texts.length > 1) gone.add('c'); });
  const answers = await Promise.allSettled(['a', 'b', 'c', 'd'].map((text) => send({ text }, () => gone.has(text))));
  expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'rejected', 'fulfilled']);
  expect(answers.flatMap((answer) => (answer.status === 'rejected' ? [answer.reason instanceof TooLate] : []))).toEqual([true, true]);
  expect(await kept()).toEqual(['a', 'd']);
});
