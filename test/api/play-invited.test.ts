import { insertInviteLinks } from '../../db/write/create-link.ts';
import { asId } from '../../src/domain/ids.ts';
import { inviteCode } from '../../src/domain/link/code.ts';
import type { ToldFact } from '../../src/domain/run/fact.ts';
import { buddyChallengeDefinition } from '../../workflows/buddy-challenge/definition.ts';
import { isFactOf, type RunDefinition } from '../../workflows/kit/run-definition.ts';
import { hiddenIn, openFriend, playOn, signUp } from '../support/play.ts';
import { useChallenges } from '../support/use-challenges.ts';

const { api, tenant, start } = useChallenges();

/** A challenge whose mail to Ben has left, with a reminder planned; the link in that mail. */
async function mailed(): Promise<{ runId: string; code: string; row(): Promise<{ state: string; step: number | null; stop: string | null } | undefined> }> {
  const { runId } = await start({ invitees: [{ email: 'ben@example.com', zone: 'Europe/Paris', consent: { basis: 'opt_in' } }] });
  const [batch] = await api.database.superuser<{ id: string }[]>`select id from invite_batches where run_id = ${runId}`;
  const ref = { batchId: asId('bat', batch?.id ?? ''), n: 0 };
  const code = inviteCode(api.services.keyring, ref);
  await api.services.db.asTenant(tenant.tenantId, (tx) => insertInviteLinks(tx, [{ code, ...ref, memberId: null, runId, leadsTo: { destination: 'https://app.kite.example/join', utm: {} } }], tenant.tenantId, api.clock.now()));
  await api.database.superuser`update invites set state = 'handed_off', step = 1, due_at = ${api.clock.now() + 3 * 86_400_000} where batch_id = ${ref.batchId}`;
  return { runId, code, row: async () => (await api.database.superuser<{ state: string; step: number | null; stop: string | null }[]>`select state, step, stop_reason as stop from invites where batch_id = ${ref.batchId}`)[0] };
}

test('who was invited by mail and plays is not reminded; the sign-up ends the invite as joined, and both earn', async () => {
  const { runId, code, row } = await mailed();
  const friend = openFriend(api);
  await friend.accept(code);
  expect(await row()).toEqual({ state: 'handed_off', step: 1, stop: null });
  await playOn(friend, code, [true]);
  expect(await row()).toEqual({ state: 'handed_off', step: null, stop: 'canceled' });
  await playOn(friend, code, [true, true, true, true], 1);
  const to = new URL((await friend.get(`/play/${code}/sign-up`)).headers.location ?? '');
  await signUp(api, tenant, 'ben', friend.guestToken(code), { clickId: to.searchParams.get('clickId') });
  expect((await row())?.state).toBe('joined');
  const rewards = await api.database.superuser<{ who: string }[]>`select m.external_id as who from rewards r join members m on m.id = r.member_id where r.tenant_id = ${tenant.tenantId} order by who`;
  expect(rewards.map(({ who }) => who)).toEqual(['ana', 'ben']);
  expect(await api.database.superuser`select 1 from run_people where run_id = ${runId} and role = 'friend'`).toHaveLength(1);
});

test('every fact that pages and sign-ups tell is one that the story reads', async () => {
  const challenge = await start();
  const [friend, other] = [openFriend(api), openFriend(api)];
  await friend.accept(challenge.code);
  await playOn(friend, challenge.code, [true, false, false, false, false]);
  const path = `/play/${challenge.code}`;
  await friend.post(path, { ...hiddenIn((await friend.get(`${path}/again`)).text), choice: '0' });
  await playOn(friend, challenge.code, [true, true, true, true], 1);
  await signUp(api, tenant, 'kim', friend.guestToken(challenge.code));
  await other.post(`/i/${challenge.code}`, { ...hiddenIn((await other.get(`/i/${challenge.code}`)).text), do: 'decline' });
  const { key, stages, life: { facts, outcomes } } = buddyChallengeDefinition;
  const lived: RunDefinition = { key, stages, facts, outcomes };
  const told = await api.database.superuser<ToldFact[]>`select fact_id as id, kind, data, at from run_facts where run_id = ${challenge.runId}`;
  const isRead = (fact: ToldFact): boolean => Object.keys(facts).some((kind) => kind === fact.kind && isFactOf(lived, [kind], fact));
  expect(told.filter((fact) => !isRead(fact))).toEqual([]);
  // That a mail came back is told by the mail's vendor, that it was sent once more by an operator.
  expect(new Set(told.map(({ kind }) => kind))).toEqual(new Set(Object.keys(facts).filter((kind) => kind !== 'friend_unreached' && kind !== 'friend_asked_again')));
  const outbox = await api.database.superuser`select 1 from outbox where lane = ${challenge.runId} and kind = 'tell_run'`;
  expect(outbox).toHaveLength(told.length);
});
