import { purgeExpired } from '../../db/write/purge-expired.ts';
import { recordDeliveryEvents } from '../../db/write/record-delivery-events.ts';
import type { TenantId } from '../../src/domain/ids.ts';
import { makeTestTenant } from '../support/api.ts';
import { arrangeInvites } from '../support/arrange-invites.ts';
import type { ArrangedInvites } from '../support/arrange-invites.ts';
import { arrangeMessage } from '../support/arrange-messages.ts';
import { openTestDatabase } from '../support/database.ts';
import type { TestDatabase } from '../support/database.ts';
import { arrive } from '../support/two-at-once.ts';

const NOW = Date.parse('2026-06-10T12:00:00Z');
const DAY_MS = 86_400_000;

let database: TestDatabase;
beforeAll(async () => { database = await openTestDatabase(); });
afterAll(() => database.drop());

async function sent(): Promise<{ tenantId: TenantId } & ArrangedInvites> {
  const { tenantId } = await makeTestTenant(database, NOW);
  const invites = await arrangeInvites(database, tenantId, NOW);
  await arrangeMessage(database, tenantId, { batchId: invites.batchId, n: 0 }, 'handed_off', NOW);
  return { tenantId, ...invites };
}

const tell = ({ tenantId, batchId }: { tenantId: TenantId } & ArrangedInvites, eventId: string, now: number) =>
  database.app.asTenant(tenantId, (tx) => recordDeliveryEvents(tx, {
    tenantId, facts: [{ eventId, kind: 'delivered', message: { batchId, n: 0, step: 0, channel: 'email' }, at: now, permanent: false }], actor: 'test', now }));
const receiptsOf = async ({ tenantId }: { tenantId: TenantId }): Promise<number> => (await database.superuser`select 1 from receipts where tenant_id = ${tenantId}`).length;

test('a vendor\'s event counts once, also when it is told again two months on, in another month\'s table', async () => {
  const of = await sent();
  expect(await tell(of, 'esp-1', NOW)).toEqual(['recorded']);
  expect(await tell(of, 'esp-1', NOW + 62 * DAY_MS)).toEqual(['duplicate']);
  expect(await receiptsOf(of)).toBe(1);
});

test('told twice at the same instant it counts once', async () => {
  const of = await sent();
  const gate = arrive(5);
  const outcomes = await Promise.all(Array.from({ length: 5 }, async (_, i) => {
    await gate();
    return tell(of, 'esp-2', NOW + i);
  }));
  expect(outcomes.flat().toSorted()).toEqual(['duplicate', 'duplicate', 'duplicate', 'duplicate', 'recorded']);
  expect(await receiptsOf(of)).toBe(1);
});

test('the id of an event is kept for 90 days and no longer; what it told stays', async () => {
  const of = await sent();
  await tell(of, 'esp-3', NOW);
  await purgeExpired(database.relay, NOW + 90 * DAY_MS - 1);
  expect(await tell(of, 'esp-3', NOW + 90 * DAY_MS)).toEqual(['duplicate']);
  await purgeExpired(database.relay, NOW + 90 * DAY_MS);
  expect(await tell(of, 'esp-3', NOW + 90 * DAY_MS)).toEqual(['recorded']);
  expect(await receiptsOf(of)).toBe(2);
});
