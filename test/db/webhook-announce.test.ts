import { purgeExpired } from '../../db/write/purge-expired.ts';
import { lateLanes } from '../../db/read/late-lanes.ts';
import { announce } from '../../db/write/webhooks/announce.ts';
import { changeEndpoint, createEndpoint, deleteEndpoint, MOST_ENDPOINTS } from '../../db/write/webhooks/change-endpoints.ts';
import { disableEndpoint } from '../../db/write/webhooks/disable-endpoint.ts';
import { sendRangeAgain } from '../../db/write/webhooks/send-again.ts';
import { makeTestTenant, NOON } from '../support/api.ts';
import { openTestWebhooks, sampleNews, type TestWebhooks } from '../support/webhooks.ts';

let webhooks: TestWebhooks;
beforeAll(async () => { webhooks = await openTestWebhooks(); });
afterAll(() => webhooks.close());
afterEach(async () => {
  await webhooks.database.superuser`delete from webhook_events`;
  await webhooks.database.superuser`delete from webhook_endpoints`;
  await webhooks.database.superuser`delete from outbox`;
  webhooks.clock.set(NOON);
});

const by = () => ({ tenantId: webhooks.tenant.tenantId, actor: 'test', now: webhooks.clock.now() });
const asTenant: TestWebhooks['database']['app']['asTenant'] = (tenantId, work) => webhooks.database.app.asTenant(tenantId, work);
const count = async (table: string): Promise<number> => {
  const [row] = await webhooks.database.superuser<{ count: number }[]>`select count(*)::int as count from ${webhooks.database.superuser(table)}`;
  return row?.count ?? -1;
};
const counts = () => Promise.all(['webhook_events', 'webhook_deliveries', 'outbox'].map(count));

test('what is announced in a transaction that rolls back was never announced', async () => {
  await webhooks.makeEndpoint('/back');
  const { tenantId } = webhooks.tenant;
  await expect(asTenant(tenantId, async (tx) => {
    await announce(tx, { tenantId, news: [sampleNews({ sequenceOf: 'ref_1' })], now: NOON });
    throw new Error('undo');
  })).rejects.toThrow('undo');
  expect([await counts(), await count('webhook_sequences')]).toEqual([[0, 0, 0], 0]);
});

test('a tenant without endpoints pays one look, and nothing is written', async () => {
  const { tenantId } = webhooks.tenant;
  const statements = await asTenant(tenantId, async (tx) => {
    const asked: string[] = [];
    const sql = new Proxy(tx.sql, { apply: (target, self, args: [TemplateStringsArray]) => {
      asked.push(args[0].join('?'));
      const made: unknown = Reflect.apply(target, self, args);
      return made;
    } });
    await announce({ ...tx, orm: tx.orm, sql, answerLater: () => { throw new Error('something was written'); } }, { tenantId, news: Array.from({ length: 50 }, () => sampleNews()), now: NOON });
    return asked.length;
  });
  expect([statements, await counts()]).toEqual([1, [0, 0, 0]]);
});

test('each enabled endpoint gets what it wants, and its run is called once', async () => {
  const all = await webhooks.makeEndpoint('/all');
  const rewards = await webhooks.makeEndpoint('/rewards', ['reward.*']);
  const payouts = await webhooks.makeEndpoint('/payouts', ['payout.completed']);
  const off = await webhooks.makeEndpoint('/off');
  await asTenant(webhooks.tenant.tenantId, (tx) => changeEndpoint(tx, off.id, { enabled: false }, by()));
  await webhooks.announce({ type: 'reward.held' }, { type: 'reward.paid' }, { type: 'referral.created' }, { type: 'payout.completed' });
  const waiting = await Promise.all([all, rewards, payouts, off].map(async ({ id }) => (await webhooks.states(id)).length));
  expect([waiting, await counts()]).toEqual([[4, 2, 1, 0], [4, 7, 1]]);
});

test('what nobody wants is not kept; what only a disabled endpoint wants is, to be sent when it is back', async () => {
  const { id } = await webhooks.makeEndpoint('/later', ['reward.*']);
  await asTenant(webhooks.tenant.tenantId, (tx) => changeEndpoint(tx, id, { enabled: false }, by()));
  await webhooks.announce({ type: 'referral.created' }, { type: 'reward.paid' });
  expect(await counts()).toEqual([1, 0, 0]);
  await asTenant(webhooks.tenant.tenantId, async (tx) => {
    await changeEndpoint(tx, id, { enabled: true }, by());
    expect(await sendRangeAgain(tx, { tenantId: webhooks.tenant.tenantId, endpointId: id, types: ['reward.paid'], from: NOON, to: NOON + 1, which: 'missed', now: NOON })).toEqual({ queued: 1, goesOnFrom: null });
  });
  expect([await webhooks.states(id), await counts()]).toEqual([['waiting'], [1, 1, 1]]);
});

test('the events of a referral are numbered in the order they were announced, whatever else is', async () => {
  await webhooks.makeEndpoint('/numbers', ['reward.*', 'referral.*']);
  await webhooks.announce({ type: 'referral.created', sequenceOf: 'ref_a' }, { type: 'payout.sent', sequenceOf: 'ref_a' }, { type: 'reward.held', sequenceOf: 'ref_b' }, { type: 'reward.held', sequenceOf: 'ref_a' }, { type: 'reward.held' });
  await webhooks.announce({ type: 'reward.released', sequenceOf: 'ref_a' });
  const rows = await webhooks.database.superuser`select type, sequence_of as of, sequence as n from webhook_events order by sequence_of nulls last, sequence`;
  expect([...rows]).toEqual([
    { type: 'referral.created', of: 'ref_a', n: 1 }, { type: 'reward.held', of: 'ref_a', n: 2 }, { type: 'reward.released', of: 'ref_a', n: 3 },
    { type: 'reward.held', of: 'ref_b', n: 1 }, { type: 'reward.held', of: null, n: null },
  ]);
});

test('numbers are never given twice, by however many at once', async () => {
  await webhooks.makeEndpoint('/at-once');
  await Promise.all(Array.from({ length: 8 }, () => webhooks.announce({ sequenceOf: 'ref_x' }, { sequenceOf: 'ref_y' }, { sequenceOf: 'ref_x' })));
  const rows = await webhooks.database.superuser<{ of: string; numbers: number[] }[]>`select sequence_of as of, array_agg(sequence order by sequence)::int[] as numbers from webhook_events group by 1 order by 1`;
  const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);
  expect([...rows]).toEqual([{ of: 'ref_x', numbers: upTo(16) }, { of: 'ref_y', numbers: upTo(8) }]);
});

test('a type that nobody could look up is a failure of ours, also where no endpoint is', async () => {
  await expect(webhooks.announce({ type: 'reward.helt' })).rejects.toThrow('reward.helt is no type');
});

test('who announces waits for nobody who changes an endpoint', async () => {
  const { id } = await webhooks.makeEndpoint('/busy');
  await webhooks.database.superuser.begin(async (tx) => {
    await tx`update webhook_endpoints set description = 'under way' where id = ${id}`;
    await webhooks.announce({});
  });
  expect(await webhooks.states(id)).toEqual(['waiting']);
});

test('two who make the last endpoint at once: one does', async () => {
  const make = () => asTenant(webhooks.tenant.tenantId, (tx) => createEndpoint(tx, { url: 'https://hooks.example.com/', description: '', eventTypes: ['*'], secretSealed: new Uint8Array(40) }, by()));
  for (let i = 1; i < MOST_ENDPOINTS; i += 1) await make();
  expect((await Promise.all([make(), make(), make()])).filter((made) => made !== null)).toHaveLength(1);
});

test('an endpoint that is disabled by what it answered cancels what waits, and tells the others why', async () => {
  const gone = await webhooks.makeEndpoint('/gone');
  const other = await webhooks.makeEndpoint('/other', ['webhook.*']);
  await webhooks.announce({}, {});
  const disable = () => asTenant(webhooks.tenant.tenantId, (tx) => disableEndpoint(tx, { tenantId: webhooks.tenant.tenantId, endpointId: gone.id, reason: 'gone', actor: 'webhooks', now: NOON }));
  expect([await disable(), await disable()]).toEqual([true, false]);
  const told = await webhooks.database.superuser`select v.type, v.data from webhook_events v join webhook_deliveries d on d.event_id = v.id where d.endpoint_id = ${other.id}`;
  expect([await webhooks.states(gone.id), [...told]]).toEqual([['canceled', 'canceled'], [{ type: 'webhook.endpoint_disabled', data: { endpointId: gone.id, reason: 'gone' } }]]);
});

test('the relay sees in whose webhooks something is late, and removes events after 30 days with their deliveries', async () => {
  const { id } = await webhooks.makeEndpoint('/old');
  const dropped = await webhooks.makeEndpoint('/dropped');
  await webhooks.announce({});
  await asTenant(webhooks.tenant.tenantId, (tx) => deleteEndpoint(tx, dropped.id, by()));
  const lane = { tenantId: webhooks.tenant.tenantId, lane: 'webhooks' };
  expect([await lateLanes(webhooks.database.relay, NOON), await lateLanes(webhooks.database.relay, NOON + 1)]).toEqual([[], [lane]]);
  const after = NOON + 30 * 24 * 3_600_000;
  await purgeExpired(webhooks.database.relay, after - 1);
  expect([await webhooks.states(id), await count('webhook_endpoints')]).toEqual([['waiting'], 2]);
  await purgeExpired(webhooks.database.relay, after + 1);
  expect([await webhooks.states(id), await count('webhook_events'), await count('webhook_endpoints')]).toEqual([[], 0, 1]);
});

test('another tenant\'s endpoints get nothing', async () => {
  const other = await makeTestTenant(webhooks.database, NOON);
  const { id } = await webhooks.makeEndpoint('/mine');
  await asTenant(other.tenantId, (tx) => announce(tx, { tenantId: other.tenantId, news: [sampleNews()], now: NOON }));
  expect([await webhooks.states(id), await counts()]).toEqual([[], [0, 0, 0]]);
});

test('ids follow the order of the news, so that the log and the claim do, too', async () => {
  const { id } = await webhooks.makeEndpoint('/order');
  await webhooks.announce(...Array.from({ length: 40 }, (_, i) => ({ sequenceOf: 'ref_o', data: { i } })));
  const rows = await webhooks.database.superuser<{ i: number }[]>`select (v.data ->> 'i')::int as i from webhook_deliveries d join webhook_events v on v.id = d.event_id where d.endpoint_id = ${id} order by d.id`;
  expect(rows.map(({ i }) => i)).toEqual(Array.from({ length: 40 }, (_, i) => i));
});
