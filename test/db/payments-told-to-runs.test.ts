import { addPeople } from '../../db/write/runs/add-people.ts';
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
  await sending.deps.db.asTenant(sending.tenant.tenantId, (tx) => addPeople(tx, { tenantId: sending.tenant.tenantId, people: [{ runId, personId: later.memberId, role: 'buddy', hears }], now: sending.clock.now() }));
  expect(await heard(runId)).toEqual([['bought', 700, 'EUR']]);
});

test.each([['by itself', false], ['by a word that joins two of its names', true]])('what is given back before its payment is known is told to the payer\'s runs when the payment comes, once, %s', async (_, isJoined) => {
  const { memberId, name } = await seller();
  const runId = await start(memberId);
  const [own, alias] = [`late-${String(isJoined)}`, `late-alias-${String(isJoined)}`];
  const at = sending.clock.now();
  await tell(refund([isJoined ? alias : own], 900, { currency: 'EUR' }), fact('dispute_opened', null, { detail: { paymentNames: [own], disputeId: 'd1' } }));
  expect(await heard(runId)).toEqual([]);
  sending.clock.advance(1_000);
  const bought = paid(name, [own], 4_900);
  await tell(isJoined ? { ...bought, detail: { ...bought.detail, paymentNames: [own, alias] } } : bought);
  const all = [['bought', 4_900, 'EUR'], ['disputed', null, null], ['gave_back', 900, 'EUR']];
  expect((await heard(runId)).toSorted()).toEqual(all);
  expect([...await sending.database.superuser<{ at: number }[]>`select at from run_facts where run_id = ${runId} and kind <> 'bought'`]).toEqual([{ at }, { at }]);
  await tell(paid(name, [own], 4_900));
  expect((await heard(runId)).filter(([kind]) => kind !== 'bought')).toHaveLength(2);
});

test('a refund from before a run began is none of its facts, though its payment comes after', async () => {
  const { memberId, name } = await seller();
  await tell(refund(['late-3'], 900, { currency: 'EUR' }));
  sending.clock.advance(120_000);
  const runId = await start(memberId);
  await tell(paid(name, ['late-3'], 4_900));
  expect((await heard(runId)).map(([kind]) => kind)).toEqual(['bought']);
});
