import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { Webhook } from 'standardwebhooks';
import { handOverPayout } from '../../activities/payouts/hand-over-payout.ts';
import type { PayoutId } from '../../src/domain/ids.ts';
import { listIn, openTestApi, readPages, type TestApi } from '../support/api.ts';
import { openPayoutBench, type PayoutBench } from '../support/payout-life.ts';
import { openPayoutStand, type PayoutStand } from '../support/payouts.ts';

const SECRET = `whsec_${Buffer.alloc(32, 5).toString('base64')}`;

let api: TestApi;
let bench: PayoutBench;
let stand: PayoutStand;
beforeAll(async () => {
  api = await openTestApi({ webhooksToInternal: true });
  bench = await openPayoutBench(api);
});
beforeEach(async () => { stand = await openPayoutStand(api); });
afterAll(async () => {
  await bench.stop();
  await api.close();
});

/** A tenant's own system; `says` is what it answers to each call. */
async function ownSystem(says: (server: Server, body: string) => number | 'nothing'): Promise<{ url: string; calls: { headers: Record<string, string>; body: string }[]; stop(): Promise<void> }> {
  const calls: { headers: Record<string, string>; body: string }[] = [];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => { body += chunk.toString('utf8'); });
    request.on('end', () => {
      calls.push({ headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)])), body });
      const status = says(server, body);
      if (status === 'nothing') request.socket.destroy();
      else response.writeHead(status).end();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return { url: `http://127.0.0.1:${String(address.port)}/hooks`, calls, async stop() {
    server.closeAllConnections();
    server.close();
    await once(server, 'close');
  } };
}

async function approvedOne(): Promise<{ id: PayoutId }> {
  await stand.release(await stand.member('ana'), 5_000);
  const id = (await stand.approved()).payouts.get('ana');
  if (id === undefined) throw new Error('no payout');
  return { id };
}

test('by hand: the payout is sent at once, waits for who pays, and is marked', async () => {
  await stand.send('PUT', '/v1/payout-rail', { kind: 'manual' });
  const { id } = await approvedOne();
  expect(await handOverPayout(bench.deps, { tenantId: stand.tenantId, payoutId: id, again: false })).toEqual({ kind: 'goes_on', stage: 'sent', next: 'reconcile', nextAt: null });
  expect((await stand.send('POST', `/v1/payouts/${id}/cancel`)).body).toMatchObject({ code: 'payout_state' });
  expect((await stand.send('POST', `/v1/payouts/${id}/resend`)).body).toMatchObject({ code: 'payout_state' });
  expect((await stand.send('POST', `/v1/payouts/${id}/mark`, { as: 'paid', reference: 'SEPA-1' })).body).toMatchObject({ state: 'completed', reference: 'SEPA-1' });
  const [fact] = await api.database.superuser<{ kind: string }[]>`select kind from run_facts where run_id = ${id}`;
  expect(fact?.kind).toBe('payout_moved');
});

test('the tenant\'s own system is told, signed, and its confirmation may come before its answer is recorded', async () => {
  const system = await ownSystem(() => 202);
  try {
    await stand.send('PUT', '/v1/payout-rail', { kind: 'own_system', url: system.url, secret: SECRET });
    const { id } = await approvedOne();
    const { openRail } = bench.deps;
    const confirming = { ...bench.deps, openRail: (settings: Parameters<typeof openRail>[0]) => {
      const rail = openRail(settings);
      return { ...rail, async handOver(...given: Parameters<typeof rail.handOver>) {
        const answer = await rail.handOver(...given);
        expect((await stand.send('POST', `/v1/payouts/${id}/mark`, { as: 'paid', reference: 'own-7' })).status).toBe(200);
        return answer;
      } };
    } };
    expect(await handOverPayout(confirming, { tenantId: stand.tenantId, payoutId: id, again: false })).toEqual({ kind: 'over', outcome: 'completed' });
    const [call] = system.calls;
    // The specification's own library checks the clock of the machine; ours stands elsewhere.
    expect(() => new Webhook(SECRET).verify(call?.body ?? '', call?.headers ?? {})).toThrow(/too old|too new/i);
    expect(JSON.parse(call?.body ?? '{}')).toMatchObject({ type: 'payout.requested', data: { payoutId: id, memberExternalId: 'ana', amountMinor: 5_000, currency: 'EUR' } });
    expect(await stand.balances()).toEqual({ cash_out: 5_000, program_budget: -5_000 });
  } finally {
    await system.stop();
  }
});

test('an own system that gave no answer is told again only when somebody asks, with the same message', async () => {
  let calls = 0;
  const system = await ownSystem(() => ((calls += 1) === 1 ? 'nothing' : 200));
  try {
    await stand.send('PUT', '/v1/payout-rail', { kind: 'own_system', url: system.url, secret: SECRET });
    const { id } = await approvedOne();
    const hand = (again: boolean) => handOverPayout(bench.deps, { tenantId: stand.tenantId, payoutId: id, again });
    expect(await hand(false)).toEqual({ kind: 'goes_on', stage: 'unknown', next: 'reconcile', nextAt: null });
    expect(await hand(false)).toMatchObject({ stage: 'unknown' });
    expect(system.calls).toHaveLength(1);
    expect((await stand.send('POST', `/v1/payouts/${id}/resend`)).status).toBe(202);
    const facts = await api.database.superuser<{ kind: string }[]>`select kind from run_facts where run_id = ${id}`;
    expect(facts.map(({ kind }) => kind)).toEqual(['resend']);
    expect(await hand(true)).toMatchObject({ stage: 'sent' });
    const [first, second] = system.calls;
    expect([second?.body, second?.headers['webhook-id']]).toEqual([first?.body, first?.headers['webhook-id']]);
  } finally {
    await system.stop();
  }
});

test('a run that was canceled begins again when somebody asks for what has left', async () => {
  await stand.send('PUT', '/v1/payout-rail', { kind: 'manual' });
  const { id } = await approvedOne();
  await api.database.superuser`update runs set closed_at = opened_at, outcome = 'canceled' where id = ${id}`;
  expect((await stand.send('POST', `/v1/payouts/${id}/reconcile`)).status).toBe(202);
  const [run] = await api.database.superuser<{ generation: number; closed: boolean }[]>`select generation, closed_at is not null as closed from runs where id = ${id}`;
  expect(run).toEqual({ generation: 2, closed: false });
});

test('while its run is paused a payout is not handed over', async () => {
  await stand.send('PUT', '/v1/payout-rail', { kind: 'manual' });
  const { id } = await approvedOne();
  await api.database.superuser`update runs set paused_at = opened_at where id = ${id}`;
  expect(await handOverPayout(bench.deps, { tenantId: stand.tenantId, payoutId: id, again: false })).toMatchObject({ kind: 'goes_on', stage: 'paused' });
  expect((await stand.payout(id))['state']).toBe('approved');
});

test('payouts are listed page by page, by state, batch and member', async () => {
  await stand.send('PUT', '/v1/payout-rail', { kind: 'manual' });
  for (const name of ['ana', 'bo', 'cy']) await stand.release(await stand.member(name), 5_000);
  const { batchId } = await stand.approved();
  const pages = await readPages(api, stand.as, '/v1/payouts', 2);
  expect(pages.map((page) => page.length)).toEqual([2, 1]);
  const counts = async (query: string) => listIn((await stand.send('GET', `/v1/payouts?${query}`)).body, 'data').length;
  expect([await counts('state=approved'), await counts('state=completed'), await counts(`batchId=${batchId}`), await counts('externalId=bo'), await counts('externalId=nobody')]).toEqual([3, 0, 3, 1, 0]);
  expect((await stand.send('GET', '/v1/payouts?batchId=nonsense')).status).toBe(400);
  expect((await stand.send('GET', '/v1/payouts?state=lost')).status).toBe(400);
  const other = await openPayoutStand(api);
  expect(listIn((await other.send('GET', '/v1/payouts')).body, 'data')).toEqual([]);
  expect((await other.send('GET', `/v1/payout-batches/${batchId}`)).status).toBe(404);
});

test('payee details are sealed, shown by their end alone, and forgotten on demand', async () => {
  const ana = await stand.member('ana');
  const set = await stand.send('PUT', '/v1/members/ana/payee', { details: 'DE89370400440532013000' });
  expect(set.body).toMatchObject({ payee: '…3000' });
  expect((await stand.send('GET', '/v1/members/ana/payee')).body).toMatchObject({ payee: '…3000' });
  await stand.send('PUT', '/v1/members/ana/payee', { details: 'acct_12' });
  expect((await stand.send('GET', '/v1/members/ana/payee')).body).toMatchObject({ payee: '…' });
  const rows = await api.database.superuser<{ sealed: Uint8Array }[]>`select details_sealed as sealed from payees where member_id = ${ana}`;
  expect(rows.map(({ sealed }) => Buffer.from(sealed).includes('acct_12'))).toEqual([false]);
  expect((await stand.send('DELETE', '/v1/members/ana/payee')).status).toBe(204);
  expect((await stand.send('DELETE', '/v1/members/ana/payee')).status).toBe(404);
  expect((await stand.send('GET', '/v1/members/ana/payee')).status).toBe(404);
  expect((await stand.send('PUT', '/v1/members/nobody/payee', { details: 'acct_1234' })).status).toBe(404);
  for (const details of ['abc', 'x'.repeat(201), 'acct\u0000_1', 'acct\n_1', 7]) expect((await stand.send('PUT', '/v1/members/ana/payee', { details })).status).toBe(400);
  expect(JSON.stringify(api.logged)).not.toMatch(/DE8937|acct_12/);
});
