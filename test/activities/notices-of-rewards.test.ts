import { moveRewards } from '../../db/write/rewards/move-rewards.ts';
import { storeEvents, type EventFact } from '../../db/write/store-events.ts';
import type { RewardId } from '../../src/domain/ids.ts';
import { arrangeNotices } from '../support/arrange-notices.ts';
import { fact, paid, refund } from '../support/referrals.ts';
import { openTestSending, type TestSending } from '../support/sending.ts';

let sending: TestSending;
let world: ReturnType<typeof arrangeNotices>;

beforeAll(async () => {
  sending = await openTestSending();
  world = arrangeNotices(sending);
});
afterAll(() => sending.close());

async function tell(...facts: readonly EventFact[]): Promise<void> {
  const { tenantId } = sending.tenant;
  const stored = await sending.deps.db.asTenant(tenantId, (tx) => storeEvents(tx, sending.deps.keyring, { tenantId, facts, now: sending.clock.now() }));
  expect(stored.map(({ outcome }) => outcome)).toEqual(facts.map(() => 'stored'));
}

function subjectsTo(address: string): string[] {
  return sending.sink.deliveries().filter(({ to }) => to.includes(address)).map(({ subject }) => subject);
}

test('from the sign-up to the refund both sides hear of each step, once, in the transaction of the fact', async () => {
  await sending.makeProgram({
    rewards: {
      rules: [
        { key: 'referrer', to: 'referrer', on: { kind: 'conversion' }, give: { kind: 'percent', basisPoints: 1500 } },
        { key: 'welcome', to: 'referee', on: { kind: 'conversion' }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 500 } },
      ],
      milestones: [{ key: 'first', counts: 'signed_up', tiers: [{ reached: 1, unit: 'EUR', amountMinor: 100 }] }],
      holdDays: 30,
    },
  });
  const referrer = await world.makeMember('referrer@steps.example');
  await world.makeMember('friend@steps.example');
  const { superuser } = sending.database;
  const [link] = await superuser<{ code: string }[]>`select code from links where kind = 'personal' and member_id = ${referrer}`;

  await tell(fact('signed_up', 'member-2', { code: link?.code ?? null }));
  await tell(fact('first_value', 'member-2'));
  await tell(paid('member-2', ['in_1'], 10_000));
  await sending.sendDue();
  expect(subjectsTo('referrer@steps.example').toSorted()).toEqual([
    'Earned at Kite Club: €15.00', 'Milestone reached at Kite Club: €1.00', 'Somebody joined Kite Club through you', 'Somebody you brought to Kite Club got started',
  ]);
  expect(subjectsTo('friend@steps.example')).toHaveLength(1);

  sending.clock.advance(2 * 3_600_000);
  await tell(refund(['in_1'], 5_000, { occurredAt: sending.clock.now() }));
  await sending.sendDue();
  expect(subjectsTo('referrer@steps.example').at(-1)).toMatch(/was taken back/);

  sending.clock.set('2026-07-11T12:00:00Z');
  const { tenantId } = sending.tenant;
  const held = await superuser<{ id: RewardId }[]>`select id from rewards where state = 'held' and tenant_id = ${tenantId}`;
  await sending.deps.db.asTenant(tenantId, (tx) => moveRewards(tx, { tenantId, moves: held.map(({ id }) => ({ rewardId: id, move: { kind: 'release' } })), now: sending.clock.now() }));
  await sending.sendDue();
  // The reward and the milestone, released at one instant, are one message.
  expect(subjectsTo('referrer@steps.example').filter((subject) => subject.startsWith('Yours now'))).toEqual([expect.stringContaining('€8.50')]);
  expect(subjectsTo('friend@steps.example').at(-1)).toContain('€5.00');
  expect(sending.sink.deliveries()).toHaveLength(8);
});
