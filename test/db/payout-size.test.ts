import { newId } from '../../src/config/new-id.ts';
import { openTestApi, textIn, type TestApi } from '../support/api.ts';
import { openPayoutStand } from '../support/payouts.ts';

let api: TestApi;
beforeAll(async () => { api = await openTestApi(); });
afterAll(() => api.close());

test('a full batch is made, approved and canceled, each in one request', async () => {
  const stand = await openPayoutStand(api);
  await stand.send('PUT', '/v1/payout-rail', { kind: 'manual' });
  await stand.release(await stand.member('first'), 1_000);
  const now = api.clock.now();
  const members = Array.from({ length: 1_200 }, (_, n) => ({ id: newId('mbr', now + 1), name: `m${String(n)}` }));
  const { superuser } = api.database;
  await superuser`
    insert into members (id, tenant_id, external_id, created_at, updated_at)
    select m.id, ${stand.tenantId}, m.name, ${now}, ${now} from unnest(${members.map(({ id }) => id)}::text[], ${members.map(({ name }) => name)}::text[]) as m (id, name)`;
  const rewards = members.flatMap(({ id }) => [0, 1, 2, 3].map(() => ({ id: newId('rew', now), memberId: id })));
  await superuser`
    insert into rewards (id, tenant_id, program_id, program_version, member_id, key, generation, rule_key, side, unit, granted_minor, state, earned_at, hold_until, created_at, moved_at)
    select r.id, ${stand.tenantId}, (select id from programs where tenant_id = ${stand.tenantId}), 1, r.member_id, r.id, 0, 'test', 'referrer', 'EUR', 500, 'released', ${now}, ${now - 1}, ${now}, ${now}
    from unnest(${rewards.map(({ id }) => id)}::text[], ${rewards.map(({ memberId }) => memberId)}::text[]) as r (id, member_id)`;
  await superuser`
    insert into accounts (tenant_id, kind, owner_id, unit, may_be_negative, balance_minor) select ${stand.tenantId}, 'member_owed', m.id, 'EUR', false, 2000 from unnest(${members.map(({ id }) => id)}::text[]) as m (id)`;
  const made = await stand.send('POST', '/v1/payout-batches', { unit: 'EUR' });
  const id = textIn(made.body, 'id');
  const approved = await stand.send('POST', `/v1/payout-batches/${id}/approve`);
  const canceled = await stand.send('POST', `/v1/payout-batches/${id}/cancel`);
  expect([made.status, approved.status, canceled.status]).toEqual([201, 200, 200]);
  expect(canceled.body['payouts']).toEqual([{ state: 'canceled', payouts: 1_000, paidMinor: 1_999_000 }]);
});
