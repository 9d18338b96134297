import { textIn } from '../support/api.ts';
import { useTenant, useTestApi } from '../support/use-test-api.ts';

/** Everything that locks members, at once and in whatever order it comes. */
const api = useTestApi();
const tenant = useTenant(api);
const PEOPLE = Array.from({ length: 8 }, (_none, n) => `user-${String(n)}`);
const ROUNDS = 3;

/** The same numbers each time. */
function numbers(seed: number): () => number {
  let at = seed;
  return () => (at = (at * 48_271) % 2_147_483_647);
}

function shuffled<T>(list: readonly T[], next: () => number): T[] {
  return list.map((one): [number, T] => [next(), one]).toSorted(([a], [b]) => a - b).map(([, one]) => one);
}

test('facts, starts, moments and upserts of the same members at once are each answered, and done once', async () => {
  const next = numbers(7);
  const program = async (loop: string): Promise<string> => textIn((await api.send(tenant, 'POST', '/v1/programs', { loop, title: loop })).body, 'id');
  const [buy, together] = [await program('seller-to-buyer'), await program('study-buddy-nudge')];
  await Promise.all(PEOPLE.map((who) => api.send(tenant, 'PUT', `/v1/members/${who}`, {})));
  const codes: string[] = [];
  for (const externalId of PEOPLE) {
    await api.send(tenant, 'POST', '/v1/runs', { programId: buy, externalId, input: { quoteId: 'first' } });
    codes.push(textIn((await api.send(tenant, 'POST', '/v1/links', { externalId, programId: buy })).body, 'code'));
  }
  const callsOf = (round: number) => PEOPLE.flatMap((who, n) => {
    const id = `${who}-${String(round)}`;
    const friend = PEOPLE[(n + 1 + (round % (PEOPLE.length - 1))) % PEOPLE.length] ?? '';
    const tell = (...events: object[]) => ({ method: 'POST', path: '/v1/events', body: { events }, answer: 200 });
    const start = (programId: string, input: object) => ({ method: 'POST', path: '/v1/runs', body: { programId, externalId: who, input }, answer: 201 });
    return [
      tell({ eventId: `paid-${id}`, type: 'converted', externalId: who, orderId: id, amountMinor: 100, currency: 'EUR' }),
      // The ids' order is not the members'.
      tell({ eventId: `z-${id}`, type: 'practice_completed', externalId: who }, { eventId: `a-${id}`, type: 'practice_completed', externalId: friend }),
      tell({ eventId: `joined-${id}`, type: 'signed_up', externalId: round % 2 === 0 ? `new-${id}` : who, code: codes[(n + 3) % codes.length] }),
      start(buy, { quoteId: String(round) }),
      start(together, { examAt: `2026-06-2${String(round)}T08:00:00Z`, buddy: friend }),
      { method: 'POST', path: '/v1/prompts/decide', body: { externalId: who, moment: 'quote_received', momentId: String(round), data: {} }, answer: 200 },
      { method: 'PUT', path: `/v1/members/${who}`, body: { locale: round % 2 === 0 ? 'de' : 'en' }, answer: 200 },
    ];
  });
  const answers = await Promise.all(shuffled(Array.from({ length: ROUNDS }, (_none, round) => callsOf(round)).flat(), next).map(async ({ method, path, body, answer }) => {
    const { status, text } = await api.send(tenant, method, path, body);
    return { status, answer, text };
  }));
  expect(answers.filter(({ status, answer }) => status !== answer)).toEqual([]);
  const [done] = await api.database.superuser`
    select (select count(*)::int from events where tenant_id = ${tenant.tenantId}) as events, (select count(*)::int from payments where tenant_id = ${tenant.tenantId}) as payments,
           (select count(*)::int from runs where tenant_id = ${tenant.tenantId} and program_id is not null) as runs, (select count(*)::int from outbox where tenant_id = ${tenant.tenantId} and kind = 'start_run') as started`;
  const each = PEOPLE.length * ROUNDS;
  expect(done).toEqual({ events: 4 * each, payments: each, runs: 2 * each + PEOPLE.length, started: 2 * each + PEOPLE.length });
  // Whichever was first, the fact or the start.
  const unheard = await api.database.superuser`
    select p.run_id, e.event_id from run_people p join events e on e.tenant_id = p.tenant_id and e.member_id = p.person_id and p.hears ? e.type
    where p.tenant_id = ${tenant.tenantId} and not exists (select 1 from run_facts f where f.run_id = p.run_id and f.fact_id = e.event_id)`;
  expect([...unheard]).toEqual([]);
  const [heard] = await api.database.superuser<{ n: number }[]>`select count(*)::int as n from run_facts where tenant_id = ${tenant.tenantId} and kind in ('member_practised', 'buddy_practised')`;
  expect(heard?.n).toBeGreaterThan(each);
});
