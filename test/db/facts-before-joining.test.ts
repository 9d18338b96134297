import { storeEvents, type EventFact } from '../../db/write/store-events.ts';
import { admitGuest } from '../../db/write/play/admit-guest.ts';
import { streakRescueDefinition } from '../../workflows/streak-rescue/definition.ts';
import { arrangeRuns } from '../support/arrange-runs.ts';
import { openTestSending, type TestSending } from '../support/sending.ts';

let sending: TestSending;
let world: ReturnType<typeof arrangeRuns>;
beforeAll(async () => {
  sending = await openTestSending();
  world = arrangeRuns(sending, streakRescueDefinition);
});
afterAll(() => sending.close());

const tell = (fact: Pick<EventFact, 'eventId' | 'type'> & Partial<EventFact>) => sending.deps.db.asTenant(sending.tenant.tenantId, (tx) => storeEvents(tx, sending.deps.keyring, {
  tenantId: sending.tenant.tenantId, now: sending.clock.now(),
  facts: [{ occurredAt: sending.clock.now(), externalId: 'ben', clickId: null, code: null, properties: {}, detail: null, ...fact }],
}));

test('what the app told of a guest as a member before it told of the sign-up reaches the run with the sign-up', async () => {
  const { tenantId } = sending.tenant;
  const member = await world.makeMember('ana@joins.example');
  const runId = await world.started(await world.makeProgram(), member, { input: { streakEndsAt: sending.clock.now() + 3_600_000, streakDay: '2026-06-10' } });
  const admitted = await sending.deps.db.asTenant(tenantId, async (tx) => {
    const [link] = await tx.sql<{ code: string }[]>`select code from links where run_id = ${runId}`;
    return admitGuest(tx, { tenantId, runId, linkCode: link?.code ?? '', hears: streakRescueDefinition.life.roles.friend.hears, now: sending.clock.now() });
  });
  if (admitted.outcome !== 'admitted') throw new Error(admitted.outcome);
  await tell({ eventId: 'deck-done', type: 'deck_completed' });
  await tell({ eventId: 'joined', type: 'signed_up', detail: { guestToken: admitted.token } });
  expect((await world.facts(runId)).map(({ kind }) => kind).toSorted()).toEqual(['buddy_finished', 'buddy_signed_up']);
});
