import { createApi } from '../../src/api/app.ts';
import { listen } from '../../src/api/listen.ts';
import { shareTransactions } from '../../src/api/shared-transaction.ts';
import { asId } from '../../src/domain/ids.ts';
import { inTransaction } from '../../db/transaction.ts';
import { listIn, textIn, type Reply } from '../support/api.ts';
import { useTenantEach, useTestApi } from '../support/use-test-api.ts';

/** What one of a group must not do to the others. */
const api = useTestApi();
const tenant = useTenantEach(api);

const tell = (...events: readonly object[]): Promise<Reply> => api.send(tenant, 'POST', '/v1/events', { events });
const outcomesOf = ({ body }: Reply): unknown[] => listIn(body, 'results').map(({ outcome }) => outcome);
const paid = (externalId: string, n: number) => ({ eventId: `paid-${externalId}-${String(n)}`, type: 'converted', externalId, orderId: `o-${externalId}-${String(n)}`, amountMinor: 100, currency: 'EUR' });
const practised = (externalId: string, n: number) => ({ eventId: `did-${externalId}-${String(n)}`, type: 'practised', externalId });

test('whoever tells of a member that somebody else has locked waits alone: nobody else of the tenant does', async () => {
  const held = textIn((await api.send(tenant, 'PUT', '/v1/members/held', {})).body, 'id');
  const programId = textIn((await api.send(tenant, 'POST', '/v1/programs', { loop: 'seller-to-buyer', title: 'Buy' })).body, 'id');
  await Promise.all(['free-0', 'free-1'].map((who) => api.send(tenant, 'PUT', `/v1/members/${who}`, {})));
  const start = (externalId: string, quoteId: string) => api.send(tenant, 'POST', '/v1/runs', { programId, externalId, input: { quoteId } });
  const { superuser } = api.database;
  const { stuck, others } = await inTransaction(superuser, async (tx) => {
    await tx`select 1 from members where id = ${held} for update`;
    const aboutHeld: Promise<Reply>[] = [];
    // One after the other: each finds a group of its own under way.
    for (let n = 0; n < 4; n += 1) {
      aboutHeld.push(tell(paid('held', n)), start('held', `q-${String(n)}`));
      for (let waits = 0; waits === 0;) waits = (await superuser`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`).length;
    }
    const free = await Promise.all([0, 1, 2, 3, 4, 5].flatMap((n) => [tell(paid(`free-${String(n % 2)}`, n)), tell(practised(`free-${String(n % 2)}`, n)), start(`free-${String(n % 2)}`, `q-${String(n)}`)]));
    return { stuck: aboutHeld, others: free };
  });
  expect(others.map(({ status }) => status)).toEqual(others.map((_one, i) => (i % 3 === 2 ? 201 : 200)));
  expect((await Promise.all(stuck)).map(({ status }) => status)).toEqual(stuck.map((_one, i) => (i % 2 === 1 ? 201 : 200)));
});

test('nor does a moment of another member wait for one who is locked', async () => {
  const held = textIn((await api.send(tenant, 'PUT', '/v1/members/held', {})).body, 'id');
  await api.send(tenant, 'POST', '/v1/programs', { loop: 'seller-to-buyer', title: 'Buy' });
  const free = ['a', 'b', 'c', 'd', 'e', 'f'];
  await Promise.all(free.map((who) => api.send(tenant, 'PUT', `/v1/members/${who}`, {})));
  const decide = (externalId: string, momentId: string): Promise<Reply> => api.send(tenant, 'POST', '/v1/prompts/decide', { externalId, moment: 'quote_received', momentId, data: {} });
  const { superuser } = api.database;
  const { stuck, others } = await inTransaction(superuser, async (tx) => {
    await tx`select 1 from members where id = ${held} for update`;
    const aboutHeld: Promise<Reply>[] = [];
    for (let n = 0; n < 4; n += 1) {
      aboutHeld.push(decide('held', `m-${String(n)}`));
      for (let waits = 0; waits === 0;) waits = (await superuser`select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`).length;
    }
    return { stuck: aboutHeld, others: await Promise.all(free.map((who) => decide(who, 'm'))) };
  });
  expect(others.map(({ body }) => body['decision'])).toEqual(free.map(() => 'prompt'));
  expect((await Promise.all(stuck)).map(({ status }) => status)).toEqual([200, 200, 200, 200]);
});

test('a fact is judged by what it says itself, though another request tells something wrong under its id', async () => {
  await tell(paid('payer', 1));
  for (let n = 0; n < 5; n += 1) {
    const [wrong, right] = await Promise.all([
      tell({ eventId: `same-${String(n)}`, type: 'refunded', orderId: 'o-payer-1', refundedMinor: 100 + n + 1, currency: 'EUR' }),
      tell({ eventId: `same-${String(n)}`, type: 'practised', externalId: 'payer' }),
    ]);
    expect(outcomesOf(right)).toEqual(['stored']);
    expect(['refused', 'duplicate']).toContain(outcomesOf(wrong)[0]);
  }
});

test('of facts refused as they are read, of unknown codes and of good ones in one group each hears its own', async () => {
  const sent = Array.from({ length: 24 }, (_none, n) => {
    const eventId = `mix-${String(n)}`;
    return [
      { eventId, type: 'Not A Type', externalId: 'm' }, { eventId, type: 'converted' }, { eventId, type: 'clickout', code: 'nothing', externalId: 'm' }, { eventId, type: 'practised', externalId: `m-${String(n % 5)}` },
    ].slice(n % 4, n % 4 + 1);
  });
  const answers = await Promise.all(sent.map((events) => tell(...events)));
  expect(answers.map((answer) => outcomesOf(answer)[0])).toEqual(sent.map((_one, n) => (n % 4 === 3 ? 'stored' : 'refused')));
  expect(answers.map(({ body }) => listIn(body, 'results')[0]?.['eventId'])).toEqual(sent.map((_one, n) => `mix-${String(n)}`));
});

/** A route's part alone, that begins anew as long as it is told to: a deadlock's victim, say. */
function openFailing(fails: (texts: readonly string[], tries: number) => boolean) {
  const groups: string[] = [];
  const share = shareTransactions<string>(async ({ tx }, asked) => {
    const texts = asked.map(({ body }) => body);
    groups.push(texts.join(''));
    if (fails(texts, groups.filter((group) => group === texts.join('')).length)) await tx.sql`select begin_again('another was first')`;
    return texts.map((text) => ({ status: 200, body: { text, run: groups.length } }));
  });
  const send = (text: string) => share(api.services, { key: text, fingerprint: Buffer.alloc(32, text), requestId: 'req_1', tenantId: tenant.tenantId, traceparent: null, keyId: asId('key', 'key_00000000000000000000000000'), body: text, isOver: () => false });
  const kept = async (): Promise<string[]> => (await api.database.superuser<{ key: string }[]>`select key from idempotency where tenant_id = ${tenant.tenantId} order by key`).map(({ key }) => key);
  return { groups, send, kept };
}

test('a group that the database has begin anew is answered as it was done at last, once', async () => {
  const { groups, send, kept } = openFailing((_texts, tries) => tries < 3);
  const answers = await Promise.all(['a', 'b', 'c'].map((text) => send(text)));
  expect(groups).toEqual(['abc', 'abc', 'abc']);
  expect(answers.map(({ body, replayed }) => [body, replayed])).toEqual(['a', 'b', 'c'].map((text) => [JSON.stringify({ text, run: 3 }), false]));
  expect(await kept()).toEqual(['a', 'b', 'c']);
});

test('what begins anew whenever it is done together is done one by one', async () => {
  const { send, kept } = openFailing((texts) => texts.length > 1);
  const answers = await Promise.all(['a', 'b', 'c'].map((text) => send(text)));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
  expect(await kept()).toEqual(['a', 'b', 'c']);
});

test('a key that comes to several processes in many groups is heeded once, word for word, new or a week old', async () => {
  // Its groups are its own: they know nothing of the first one's.
  const second = await listen(createApi({ ...api.services }), { port: 0, host: '127.0.0.1' });
  try {
    const keys = Array.from({ length: 8 }, (_none, n) => `k${String(n)}`);
    const ask = async (url: string, key: string, week: number): Promise<[number, string]> => {
      const reply = await fetch(`${url}/v1/events`, {
        method: 'POST', headers: { authorization: `Bearer ${tenant.secret}`, 'content-type': 'application/json', 'idempotency-key': key },
        body: JSON.stringify({ events: [{ eventId: `e-${key}-${String(week)}`, type: 'practised', externalId: key }] }),
      });
      return [reply.status, await reply.text()];
    };
    for (const week of [0, 1, 2]) {
      api.clock.advance(7 * 86_400_000);
      const asked = [0, 1, 2].flatMap(() => keys.flatMap((key) => [api.url, second.url].map(async (url) => ({ key, answer: await ask(url, key, week) }))));
      const answers = await Promise.all(asked);
      for (const key of keys) {
        const mine = answers.filter((one) => one.key === key).map(({ answer }) => answer);
        const done = mine.filter(([status]) => status === 200);
        expect(mine.filter(([status]) => status !== 200 && status !== 409)).toEqual([]);
        // Were it done twice, the second would find a duplicate.
        expect([...new Set(done.map(([, text]) => text))]).toEqual([JSON.stringify({ results: [{ outcome: 'stored', eventId: `e-${key}-${String(week)}`, unmatched: [] }] })]);
        expect((await ask(second.url, key, week))[1]).toBe(done[0]?.[1]);
      }
    }
  } finally {
    await second.close(200);
  }
});

test('what a group hands over goes on with the trace of one of it that is traced, whoever was the first', async () => {
  const traces: string[] = [];
  const share = shareTransactions<null>(async ({ tx }, asked) => {
    const [row] = await tx.sql<{ trace: string }[]>`select current_setting('flywheel.traceparent', true) as trace`;
    traces.push(`${String(asked.length)} ${row?.trace ?? ''}`);
    return asked.map(() => ({ status: 200, body: {} }));
  });
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  await Promise.all([null, traceparent, null].map((each, n) => share(api.services, {
    key: `traced ${String(n)}`, fingerprint: Buffer.alloc(32), requestId: 'req_1', tenantId: tenant.tenantId, traceparent: each, keyId: asId('key', 'key_00000000000000000000000000'), body: null, isOver: () => false })));
  expect(traces).toEqual([`3 ${traceparent}`]);
});
