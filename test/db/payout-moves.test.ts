import { isPayoutState, movePayout, PAYOUT_ACTIONS, PAYOUT_MOVES, PAYOUT_STATES } from '../../src/domain/payout/payout-state.ts';
import { openTestApi, type TestApi } from '../support/api.ts';
import { openPayoutStand } from '../support/payouts.ts';

let api: TestApi;
beforeAll(async () => { api = await openTestApi(); });
afterAll(() => api.close());

const STATES = Object.keys(PAYOUT_STATES).filter(isPayoutState);

test('the database lets a payout go where the rules let it, and nowhere else', async () => {
  const [row] = await api.database.superuser<{ source: string }[]>`select prosrc as source from pg_proc where proname = 'payout_may_move'`;
  const inDatabase = [...(row?.source ?? '').matchAll(/'(\w+ \w+)'/g)].map(([, pair]) => pair).filter((pair) => STATES.includes(isState((pair ?? '').split(' ')[0])));
  const inRules = STATES.flatMap((from) => Object.values(PAYOUT_MOVES[from]).map((to) => `${from} ${to}`));
  expect(inDatabase.toSorted()).toEqual([...new Set(inRules)].toSorted());
  expect(STATES.flatMap((state) => PAYOUT_ACTIONS.map((action) => movePayout(state, action))).length).toBe(STATES.length * PAYOUT_ACTIONS.length);
});

function isState(text: string | undefined) {
  if (text === undefined || !isPayoutState(text)) throw new Error(`no state: ${String(text)}`);
  return text;
}

test('nobody, not even the owner, moves a payout against the rules, changes its sums after the approval, or gives it a second key', async () => {
  const stand = await openPayoutStand(api);
  await stand.send('PUT', '/v1/payout-rail', { kind: 'manual' });
  await stand.release(await stand.member('ana'), 5_000);
  const id = (await stand.approved()).payouts.get('ana') ?? '';
  const { superuser } = api.database;
  await expect(superuser`update payouts set state = 'sent', idempotency_key = 'k', key_at = approved_at, claimed_at = approved_at where id = ${id}`).rejects.toThrow('does not go from approved to sent');
  await expect(superuser`update payouts set rewards_minor = 1 where id = ${id}`).rejects.toThrow('fixed when it is approved');
  await expect(superuser`update payouts set rail = 'own_system' where id = ${id}`).rejects.toThrow('fixed when it is approved');
  await superuser`update payouts set state = 'sending', idempotency_key = 'k', key_at = approved_at, claimed_at = approved_at where id = ${id}`;
  await expect(superuser`update payouts set idempotency_key = 'another' where id = ${id}`).rejects.toThrow('one key, ever');
  await expect(superuser`update payouts set key_at = key_at + interval '1 hour' where id = ${id}`).rejects.toThrow('one key, ever');
  await expect(superuser`update payouts set state = 'canceled', ended_at = approved_at where id = ${id}`).rejects.toThrow('does not go from sending to canceled');
});

test('a reward of another tenant cannot stand in a payout', async () => {
  const [one, other] = [await openPayoutStand(api), await openPayoutStand(api)];
  await one.send('PUT', '/v1/payout-rail', { kind: 'manual' });
  await one.release(await one.member('ana'), 5_000);
  const id = (await one.approved()).payouts.get('ana') ?? '';
  const reward = await other.release(await other.member('ana'), 5_000);
  await expect(api.database.superuser`update rewards set payout_id = ${id} where id = ${reward}`).rejects.toThrow('foreign key');
});
