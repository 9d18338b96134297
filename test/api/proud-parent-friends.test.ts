import { settleReferral } from '../../activities/referrals/settle-referral.ts';
import { answerInvitation } from '../support/landing.ts';
import { openProudParents, type Parent, type ProudParents } from '../support/proud-parents.ts';

let world: ProudParents;
beforeAll(async () => { world = await openProudParents(); });
afterAll(() => world.close());

let events = 0;
const tell = (type: string, externalId: string, more: Record<string, unknown> = {}) =>
  world.api.send(world.sending.tenant, 'POST', '/v1/events', { events: [{ eventId: `friend-${String((events += 1))}`, type, externalId, ...more }] });
const earned = async (externalId: string) => world.sending.database.superuser<{ unit: string; amount: number; side: string; state: string }[]>`
  select w.unit, w.granted_minor::int as amount, w.side, w.state from rewards w join members m on m.id = w.member_id where m.external_id = ${externalId}`;
async function visitBy(parent: Parent): Promise<string> {
  const { answered } = await answerInvitation(world.api, parent.code, 'accept');
  return new URL(String(answered.headers['location'])).searchParams.get('clickId') ?? '';
}

test('who comes by the card\'s link and gets to first value earns the parent a class pass, and the run hears of it once', async () => {
  const parent = await world.startFor('Europe/Paris');
  await tell('signed_up', 'friend-a', { clickId: await visitBy(parent) });
  expect(await world.factsOf(parent.runId)).toEqual([]);
  await tell('first_value', 'friend-a');
  await tell('first_value', 'friend-a');
  expect(await earned(parent.externalId)).toEqual([{ unit: 'class_pass', amount: 1, side: 'referrer', state: 'held' }]);
  expect(await earned('friend-a')).toEqual([]);
  const facts = await world.factsOf(parent.runId);
  expect(facts.map(({ kind, data }) => [kind, data['referralId']])).toEqual([['friend_activated', expect.stringMatching(/^ref_/)]]);
  await settleReferral(world.sending.deps, { tenantId: world.sending.tenant.tenantId, referralId: String(facts[0]?.data['referralId']) });
  expect(await earned(parent.externalId)).toEqual([{ unit: 'class_pass', amount: 1, side: 'referrer', state: 'released' }]);
  const notices = await world.sending.database.superuser<{ kind: string }[]>`
    select b.notice as kind from invite_batches b join invites i on i.batch_id = b.id join members m on m.contact_id = i.contact_id where m.external_id = ${parent.externalId} and b.notice <> 'run_message' order by 1`;
  expect(notices.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['friend_activated', 'reward_released']));
});

test('whose code was typed is told to the same run; who comes by another link of the parent is not', async () => {
  const parent = await world.startFor('Europe/Paris');
  const other = await world.startFor('Europe/Paris');
  await tell('signed_up', 'friend-b', { code: parent.code });
  await tell('first_value', 'friend-b');
  const personal = await world.sending.database.superuser<{ code: string }[]>`select l.code from links l join members m on m.id = l.member_id where m.external_id = ${other.externalId} and l.kind = 'personal'`;
  await tell('signed_up', 'friend-c', { code: personal[0]?.code });
  await tell('first_value', 'friend-c');
  expect([(await world.factsOf(parent.runId)).length, (await world.factsOf(other.runId)).length]).toEqual([1, 0]);
});
