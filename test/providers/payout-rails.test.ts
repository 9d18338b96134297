import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Webhook } from 'standardwebhooks';
import type { RailFault } from '../../src/dev/payout-rail/rail-fault.ts';
import { startPayoutRail } from '../../src/dev/payout-rail/stand-in.ts';
import { readPaidFile } from '../../src/dev/payout-rail/transfer-store.ts';
import { openRailWith } from '../../src/providers/payout/open-rail.ts';
import { toVendorAmount } from '../../src/providers/payout/vendor-amount.ts';
import { describeRailContract, sampleOrder, type RailConduct, type RailStand } from './payout-rail-contract.ts';

const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const inside = openRailWith({ allowInternal: true, timeoutMs: 400 });

async function listening(server: Server): Promise<string> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${String(address.port)}`;
}

async function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  if (server.listening) await once(server, 'close');
}

async function nobodyListens(): Promise<string> {
  const server = createServer();
  const url = await listening(server);
  await closed(server);
  return url;
}

type Call = { headers: IncomingHttpHeaders; body: string };

/** A tenant's own system, which pays once for one `webhook-id`. */
async function ownSystem(conduct: RailConduct): Promise<RailStand & { readonly calls: Call[] }> {
  const calls: Call[] = [];
  const taken = new Set<string>();
  const status = { accepts: 200, refuses: 422, says_later: 429, refuses_our_secret: 401, redirects: 302, fails: 503, is_unreachable: 0, loses_its_answer: 0, never_answers: 0 }[conduct];
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk: Buffer) => { body += chunk.toString('utf8'); });
    request.on('end', () => {
      calls.push({ headers: request.headers, body });
      const takes = conduct === 'accepts' || conduct === 'loses_its_answer' || conduct === 'never_answers';
      if (takes) taken.add(String(request.headers['webhook-id']));
      if (conduct === 'loses_its_answer') request.socket.destroy();
      else if (status !== 0) response.writeHead(status, conduct === 'says_later' ? { 'retry-after': '120' } : conduct === 'redirects' ? { location: '/elsewhere' } : {}).end();
    });
  });
  const url = conduct === 'is_unreachable' ? await nobodyListens() : await listening(server);
  return { rail: inside({ kind: 'own_system', address: { url: `${url}/payouts`, secret: SECRET } }), calls, taken: () => [...taken], stop: () => closed(server) };
}

const FAULTS: Partial<Record<RailConduct, RailFault>> = {
  refuses: { kind: 'refuses', status: 400, code: 'account_closed' },
  says_later: { kind: 'busy', retryAfterSeconds: 120 },
  redirects: { kind: 'refuses', status: 307, code: 'moved' },
  fails: { kind: 'fails_before' },
  loses_its_answer: { kind: 'loses_answer' },
  never_answers: { kind: 'silent_after' },
};

async function provider(conduct: RailConduct): Promise<RailStand> {
  const dir = mkdtempSync(join(tmpdir(), 'flywheel-rail-'));
  const vendor = await startPayoutRail({ dir });
  vendor.setFaults(() => FAULTS[conduct]);
  const url = conduct === 'is_unreachable' ? await nobodyListens() : vendor.url;
  return {
    rail: inside({ kind: 'transfers_api', address: { url, secret: conduct === 'refuses_our_secret' ? 'wrong-secret' : vendor.secret } }),
    taken: () => readPaidFile(dir).map(({ payoutId }) => payoutId),
    stop: async () => {
      await vendor.stop();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

const ALL: readonly RailConduct[] = ['accepts', 'refuses', 'says_later', 'refuses_our_secret', 'is_unreachable', 'redirects', 'loses_its_answer', 'never_answers', 'fails'];

describeRailContract('manual', { conducts: [], canList: false, stand: () => Promise.resolve({ rail: inside({ kind: 'manual', address: null }), taken: () => [], stop: () => Promise.resolve() }) });
describeRailContract('the tenant\'s own system', { conducts: ALL, canList: false, stand: ownSystem });
describeRailContract('a transfers API', { conducts: ALL, canList: true, stand: provider });

test('the webhook is signed by Standard Webhooks, and a repeat is the same message under the same id', async () => {
  const system = await ownSystem('accepts');
  try {
    await system.rail.handOver(sampleOrder(), Date.now());
    await system.rail.handOver(sampleOrder(), Date.now());
    const [first, second] = system.calls;
    expect(second?.body).toBe(first?.body);
    expect(second?.headers['webhook-id']).toBe(sampleOrder().payoutId);
    const headers = Object.fromEntries(['webhook-id', 'webhook-timestamp', 'webhook-signature'].map((name) => [name, String(first?.headers[name])]));
    expect(new Webhook(SECRET).verify(first?.body ?? '', headers)).toMatchObject({ type: 'payout.requested', data: { amountMinor: 12_345, currency: 'EUR', memberExternalId: 'user-1', payee: 'acct_secretplace99' } });
    const signature = createHmac('sha256', Buffer.alloc(24, 7)).update(`${headers['webhook-id'] ?? ''}.${headers['webhook-timestamp'] ?? ''}.${first?.body ?? ''}`).digest('base64');
    expect(headers['webhook-signature']).toBe(`v1,${signature}`);
  } finally {
    await system.stop();
  }
});

test.each(['own_system', 'transfers_api'] as const)('%s: nothing is called inside the network unless the operator allows it', async (kind) => {
  const server = createServer((_request, response) => { response.end(); });
  let calls = 0;
  server.on('connection', () => { calls += 1; });
  const url = await listening(server);
  try {
    const guarded = openRailWith({ allowInternal: false, timeoutMs: 400 });
    for (const address of [url, url.replace('http:', 'https:'), 'https://localhost/', 'https://10.0.0.1/', 'https://[::1]/', 'https://169.254.169.254/']) {
      const rail = guarded({ kind, address: { url: address, secret: SECRET } });
      expect(await rail.handOver(sampleOrder(), 0)).toMatchObject({ outcome: 'retry', because: 'rail_misconfigured' });
    }
    expect(calls).toBe(0);
  } finally {
    await closed(server);
  }
});

test.each([
  ['EUR', 1_234, 1_234],
  ['JPY', 500, 500],
  ['ISK', 500, 50_000],
  ['UGX', 500, 50_000],
  ['MGA', 500, 5],
  ['MGA', 550, null],
  ['KWD', 1_230, 1_230],
  ['KWD', 1_234, null],
] as const)('%s %d is asked of the provider as %s', (currency, amountMinor, there) => {
  expect(toVendorAmount(amountMinor, currency)).toBe(there);
});

test('an amount that the provider cannot pay is refused before the wire', async () => {
  const { rail, taken, stop } = await provider('accepts');
  try {
    expect(await rail.handOver(sampleOrder({ currency: 'KWD', amountMinor: 1_234 }), 0)).toEqual({ outcome: 'refused', detail: 'amount_not_payable' });
    expect(taken()).toEqual([]);
  } finally {
    await stop();
  }
});
