import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { makeSecret, systemEnv } from '../../src/config/env.ts';
import { openKeyring } from '../../src/config/keyring.ts';
import { findFreePort } from '../../src/dev/free-port.ts';
import { startRole } from '../../src/dev/roles.ts';
import { tenantTables } from '../checks/support/tenant-tables.ts';
import { openTestApi } from '../support/api.ts';
import type { TestApi, TestTenant } from '../support/api.ts';
import { makeProgram } from '../support/invites-api.ts';
import { openHoldingProxy } from './support/holding-proxy.ts';
import type { Piece } from './support/holding-proxy.ts';
import { changedSince, storedIn } from './support/stored.ts';

/*
 * `kill -9` of an API process in the middle of keyed requests, at each step of their transaction, for real. Nobody was
 * answered; nothing is stored by halves; a repeat with the same key at another API is told to wait as long as PostgreSQL
 * does not know of the death, then answered once; and what stands in the database at the end is row for row as much as for
 * somebody to whom nothing happened.
 */
const ANSWER = 'insert into idempotency';
const INSTANTS: readonly [when: string, isMoment: (piece: Piece) => boolean, isCommitted: boolean][] = [
  // The look for an earlier answer leaves with the lock and comes back after it, empty.
  ['its key is taken', ({ from, text, sent }) => from === 'server' && sent.includes('pg_try_advisory_xact_lock') && text.includes('SELECT 0\0'), false],
  ['its effect is written and its answer is not', ({ from, text }) => from === 'process' && text.includes(ANSWER), false],
  ['effect and answer are written and not committed', ({ from, sent }) => from === 'server' && sent.includes(ANSWER), false],
  ['it is committed, and the process does not know', ({ from, text, sent }) => from === 'server' && sent.includes(ANSWER) && text.includes('COMMIT\0'), true],
];

type Asked = { path: string; body: unknown };
const REQUESTS: Readonly<Record<string, (programId: string) => Asked>> = {
  'invites': (programId) => ({ path: '/v1/invites', body: { programId, invitees: ['a', 'b', 'c'].map((name) => ({ email: `${name}@x.example`, zone: 'Europe/Paris', consent: { basis: 'opt_in' } })) } }),
  'a program': () => ({ path: '/v1/programs', body: { loop: 'invite', title: 'Kites' } }),
  'a pause': (programId) => ({ path: `/v1/programs/${programId}/pause`, body: {} }),
  'a link': () => ({ path: '/v1/links', body: { destination: 'https://app.kite.example/' } }),
  'members': () => ({ path: '/v1/members/batch', body: { members: ['ana', 'ben'].map((externalId) => ({ externalId, contact: { email: `${externalId}@x.example` } })) } }),
  'events': () => ({ path: '/v1/events', body: { events: [{ eventId: 'e1', type: 'signed_up', externalId: 'newcomer' }] } }),
  'a suppression': () => ({ path: '/v1/suppressions', body: { email: 'no@x.example' } }),
};

const secret = makeSecret();
let api: TestApi;
let dir: string;

beforeAll(async () => {
  api = await openTestApi({ keyring: openKeyring(Buffer.from(secret, 'base64')) });
  api.clock.set(Date.now()); // as the process's own: it goes by the database's
  dir = mkdtempSync(join(tmpdir(), 'flywheel-killed-'));
});
afterAll(async () => {
  await api.close();
  rmSync(dir, { recursive: true, force: true });
});

type Case = { what: string; tenant: TestTenant; asked: Asked };

async function arrange(): Promise<Case[]> {
  return Promise.all(Object.entries(REQUESTS).map(async ([what, ask]) => {
    const tenant = await api.makeTenant();
    return { what, tenant, asked: ask(await makeProgram(api, tenant)) };
  }));
}

const repeat = ({ tenant, asked }: Case) => api.send(tenant, 'POST', asked.path, asked.body, { idempotencyKey: 'once' });

/** How many rows each table has of a tenant. */
async function rowsOf({ tenant }: Case): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const { name, tenantColumn } of await tenantTables(api.database.superuser)) {
    const [row] = await api.database.superuser.unsafe<{ count: number }[]>(`select count(*)::int as count from ${name} t where to_jsonb(t) ->> $1 = $2`, [tenantColumn, tenant.tenantId]);
    if (row !== undefined && row.count > 0) counts[name] = row.count;
  }
  return counts;
}

/** Sends all to a process of its own, and kills it when each of them has come to its moment. */
async function killInTheMiddle(cases: readonly Case[], isMoment: (piece: Piece) => boolean, whileHeld: () => Promise<void>): Promise<void> {
  const { ownerUrl, superuser } = api.database;
  const proxy = await openHoldingProxy(Number(new URL(ownerUrl).port), isMoment);
  try {
    const port = await findFreePort();
    const env = { ...systemEnv(), DATABASE_APP_URL: proxy.url(ownerUrl), FLYWHEEL_SECRET: secret, API_PORT: String(port) };
    const child = await startRole('api', env, dir);
    try {
      const answers = cases.map(({ tenant, asked }) => fetch(`http://127.0.0.1:${String(port)}${asked.path}`, {
        method: 'POST', body: JSON.stringify(asked.body),
        headers: { authorization: `Bearer ${tenant.secret}`, 'content-type': 'application/json', 'idempotency-key': 'once' },
      }).then(({ status }) => status, () => 'no answer'));
      await proxy.held(cases.length, 20_000);
      await child.kill();
      expect(await Promise.all(answers)).toEqual(cases.map(() => 'no answer'));
    } finally {
      await child.kill();
    }
    await whileHeld();
  } finally {
    await proxy.close();
  }
  while ((await superuser`select 1 from pg_stat_activity where datname = current_database() and application_name like 'flywheel%'`).length > 0);
}

test.each(INSTANTS)('an API killed when %s: nothing stands by halves, and the repeat has the one effect', async (_when, isMoment, isCommitted) => {
  const [cases, undisturbed] = [await arrange(), await arrange()];
  const before = await storedIn(api.database.superuser);
  await killInTheMiddle(cases, isMoment, async () => {
    if (isCommitted) return;
    for (const one of cases) {
      const early = await repeat(one);
      expect([one.what, early.status, early.body['code'], early.headers.get('retry-after')]).toEqual([one.what, 409, 'request_in_progress', '1']);
    }
    expect(changedSince(before, await storedIn(api.database.superuser))).toEqual([]);
  });
  if (!isCommitted) expect(changedSince(before, await storedIn(api.database.superuser))).toEqual([]);
  for (const [place, one] of cases.entries()) {
    const [first, second] = [await repeat(one), await repeat(one)];
    expect([one.what, first.status < 300, first.headers.get('idempotent-replayed')]).toEqual([one.what, true, isCommitted ? 'true' : null]);
    expect([one.what, second.status, second.text, second.headers.get('idempotent-replayed')]).toEqual([one.what, first.status, first.text, 'true']);
    const other = undisturbed[place];
    if (other === undefined) throw new Error('there is nobody to compare with');
    const earlier = await rowsOf(other);
    expect((await repeat(other)).status).toBe(first.status);
    const rows = await rowsOf(other);
    expect([one.what, await rowsOf(one)]).toEqual([one.what, rows]);
    expect([one.what, rows]).not.toEqual([one.what, earlier]);
  }
}, 90_000);
