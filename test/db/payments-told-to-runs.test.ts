import { addPerson } from '../../db/write/runs/add-person.ts';
import { storeEvents, type EventFact } from '../../db/write/store-events.ts';
import type { MemberId, RunId } from '../../src/domain/ids.ts';
import type { LiveLoopDefinition } from '../../src/domain/program/live-loop.ts';
import { studyBuddyNudgeDefinition } from '../../workflows/study-buddy-nudge/definition.ts';
import { arrangeRuns } from '../support/arrange-runs.ts';
import { fact, paid, refund } from '../support/referrals.ts';
import { openTestSending, type TestSending } from '../support/sending.ts';

const hears = { converted: 'bought', refunded: 'gave_back', dispute_opened: 'disputed' };
/** A live loop whose member's payments are heard. */
const selling: LiveLoopDefinition = {
  ...studyBuddyNudgeDefinition,
  life: { ...studyBuddyNudgeDefinition.life, start: { fields: {}, stage: 'waiting' }, roles: { member: { title: 'Who sells', hears } }, facts: { bought: { amountMinor: 'number' }, gave_back: {}, disputed: {} } },
};
let sending: TestSending;
let world: ReturnType<typeof arrangeRuns>;
beforeAll(async () => {
  sending = await openTestSending();
  world = arrangeRuns(sending, selling);
});
afterAll(() => sending.close());

const tell = (...facts: readonly EventFact[]) => sending.deps.db.asTenant(sending.tenant.tenantId, (tx) => storeEvents(tx, sending.deps.keyring, {
  tenantId: sending.tenant.tenantId, now: sending.clock.now(), facts: facts.map((each) => ({ ...each, occurredAt: sending.clock.now() })),
}));
async function seller(): Promise<{ memberId: MemberId; name: string }> {
  const memberId = await world.makeMember(null);
  const [row] = await sending.database.superuser<{ name: string }[]>`select external_id as name from members where id = ${memberId}`;
  return { memberId, name: row?.name ?? '' };
}
const start = async (memberId: MemberId): Promise<RunId> => world.started(await world.makeProgram({ rewards: undefined }), memberId, { input: {} });
const heard = async (runId: RunId) => (await world.facts(runId)).map(({ kind, data: { amountMinor, refundedMinor, currency } }) => [kind, amountMinor ?? refundedMinor ?? null, currency ?? null]);

test('a payment is told to the runs whose member hears of it, once, with amount and currency; of what is given back, who paid it hears', async () => {
  const { memberId, name } = await seller();
  const runId = await start(memberId);
  const bought = paid(name, ['order-1'], 4_900);
  await tell(bought);
  await tell(bought, paid(name, ['order-2'], 100));
  sending.clock.advance(1_000);
  await tell(refund(['order-1'], 900, { currency: 'EUR' }));
  sending.clock.advance(1_000);
  await tell(fact('dispute_opened', null, { detail: { paymentNames: ['order-2'], disputeId: 'd1' } }));
  expect((await heard(runId)).toSorted()).toEqual([['bought', 100, 'EUR'], ['bought', 4_900, 'EUR'], ['disputed', null, null], ['gave_back', 900, 'EUR']]);
});

test('what is refused, and what others pay, is told to none', async () => {
  const [{ memberId, name }, other] = [await seller(), await seller()];
  const runId = await start(memberId);
  await tell(paid(other.name, ['order-3']), paid(name, ['order-4'], 100));
  await tell(refund(['order-4'], 500));
  expect((await heard(runId)).map(([kind]) => kind)).toEqual(['bought']);
});

test('who comes into a run later is heard with what was paid since it began', async () => {
  const [{ memberId }, later] = [await seller(), await seller()];
  const runId = await start(memberId);
  sending.clock.advance(1_000);
  await tell(paid(later.name, ['order-5'], 700));
  await sending.deps.db.asTenant(sending.tenant.tenantId, (tx) => addPerson(tx, { tenantId: sending.tenant.tenantId, runId, personId: later.memberId, role: 'buddy', hears, now: sending.clock.now() }));
  expect(await heard(runId)).toEqual([['bought', 700, 'EUR']]);
});
