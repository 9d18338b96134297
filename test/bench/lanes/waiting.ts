import { claimGroup } from '../../../db/write/claim-group.ts';
import { raiseEpoch } from '../../../db/write/raise-epoch.ts';
import { openDatabase, type Database } from '../../../db/client.ts';
import { openDatabaseClock } from '../../../db/clock.ts';
import { migrate } from '../../../db/migrate.ts';
import { acceptInvites } from '../../../db/write/accept-invites.ts';
import { openKeyring } from '../../../src/config/keyring.ts';
import { findFreePort } from '../../../src/dev/free-port.ts';
import { prepareDatabase } from '../../../src/dev/prepare-database.ts';
import { asId, type TenantId } from '../../../src/domain/ids.ts';
import type { Lane } from '../lane.ts';
import type { BenchStack } from '../support/bench-stack.ts';
import { makeBenchTenant, makeLaterProgram, type BenchTenant } from '../support/bench-tenant.ts';
import { residentBytes } from '../support/cpu.ts';
import { openHttpLoad } from '../support/http-load.ts';
import { inviteCall, newAddresses } from '../support/invites.ts';
import { figureRow } from '../support/rows.ts';
import { median } from '../support/statistics.ts';

const GROUP = 100;
const SETTLE_MS = 8_000;

/** 200,000 invites that wait: what each takes, what the worker takes, and what a claim costs with them there. */
export const waiting: Lane = {
  name: 'waiting',
  title: '200,000 waiting invites',
  async run(stack, { rounds, quick, say }) {
    const count = quick ? 4_000 : 200_000;
    const tenant = await makeBenchTenant(stack, 'patient');
    const programId = await makeLaterProgram(stack, tenant);
    const without = await openEmptyTwin(stack);
    const [idle, before] = [await restIdle(stack), await databaseBytes(stack.superuser)];
    const load = openHttpLoad(stack.apiUrl, 4);
    await load.sendAll(Array.from({ length: count / 1000 }, () => inviteCall({ ...tenant, programId }, newAddresses(1000))), 202);
    load.close();
    const bytesEach = (await databaseBytes(stack.superuser) - before) / count;
    const exactlyOnce = await checkWaiting(stack, tenant, count);
    const full = await restIdle(stack);
    say(`${String(Math.round(bytesEach))} bytes each; worker ${String(Math.round(idle / 1e6))} MB idle, ${String(Math.round(full / 1e6))} MB with them`);
    await stack.stopWorker();
    await stack.superuser.sql`vacuum analyze`;
    await without.superuser.sql`vacuum analyze`;
    const withThem = await openClaims(stack, stack.ownerUrl, tenant.tenantId, tenant.programId);
    const empty = await openClaims(stack, without.ownerUrl, without.tenant.tenantId, without.tenant.programId);
    const [ours, theirs]: [number[], number[]] = [[], []];
    for (let round = 0; round <= rounds * 10; round += 1) {
      const [mine, their] = [await withThem.claim(), await empty.claim()];
      if (round > 0) { ours.push(mine); theirs.push(their); }
    }
    say(`a claim of ${String(GROUP)}: ${median(ours).toFixed(2)} ms with them, ${median(theirs).toFixed(2)} ms without`);
    for (const each of [withThem, empty, without]) await each.close();
    const about = { lane: this.name, exactlyOnce } as const;
    return [
      figureRow({ ...about, what: `${thousands(count)} waiting invites, in PostgreSQL, all tables and indexes`, unit: 'bytes each', ours: [bytesEach], reference: null, judge: 'ours', goal: { atMost: 1024 } }),
      figureRow({ ...about, what: `${thousands(count)} waiting invites, memory of the worker`, unit: 'MB', ours: [full / 1e6], reference: { name: 'the same worker with none', values: [idle / 1e6] }, judge: 'ratio', goal: { atMost: 1.1 } }),
      figureRow({ ...about, what: `A claim of ${String(GROUP)} with ${thousands(count)} waiting`, unit: 'ms', ours, reference: { name: 'the same claim with none waiting', values: theirs }, judge: 'ratio', goal: { atMost: 1.5 } }),
    ];
  },
};

function thousands(count: number): string {
  return count.toLocaleString('en');
}

/** A fresh worker's memory once it has come to rest. */
async function restIdle(stack: BenchStack): Promise<number> {
  await stack.worker('no-op');
  const { pid } = await stack.restartWorker();
  await new Promise((resolve) => { setTimeout(resolve, SETTLE_MS); });
  const looks: number[] = [];
  for (let i = 0; i < 10; i += 1) {
    looks.push(residentBytes(pid));
    await new Promise((resolve) => { setTimeout(resolve, 200); });
  }
  return median(looks);
}

async function databaseBytes(superuser: Database): Promise<number> {
  const [row] = await superuser.sql<{ bytes: number }[]>`
    select sum(pg_total_relation_size(c.oid))::float8 as bytes from pg_class c join pg_namespace s on s.oid = c.relnamespace where s.nspname = 'public' and c.relkind = 'r'`;
  return row?.bytes ?? Number.NaN;
}

async function checkWaiting(stack: BenchStack, { tenantId }: BenchTenant, count: number): Promise<string> {
  const [row] = await stack.superuser.sql<{ waiting: number; people: number; messages: number }[]>`
    select count(*) filter (where state = 'waiting')::int as waiting, count(distinct recipient_hash)::int as people,
           (select count(*)::int from messages where tenant_id = ${tenantId}) as messages
    from invites where tenant_id = ${tenantId}`;
  if (row?.waiting !== count || row.people !== count || row.messages !== 0) throw new Error(`waiting: ${JSON.stringify(row)} of ${String(count)}`);
  return `${String(count)} accepted, each waits once, none has left`;
}

/** A database of the same server with the same tables and nothing in them. */
async function openEmptyTwin(stack: BenchStack) {
  const { ownerUrl } = await prepareDatabase(stack.superuserUrl, { name: 'twin', password: 'bench' });
  await migrate(ownerUrl);
  const owner = openDatabase({ url: ownerUrl, max: 1, name: 'bench owner' });
  const url = new URL(stack.superuserUrl);
  url.pathname = '/twin';
  const superuser = openDatabase({ url: url.href, max: 1, name: 'bench' });
  const port = await findFreePort();
  const api = await stack.startRole('api', { DATABASE_URL: ownerUrl, API_PORT: String(port) });
  const tenant = await makeBenchTenant({ apiUrl: `http://127.0.0.1:${String(port)}`, owner }, 'nobody');
  await api.stop();
  return { ownerUrl, superuser, tenant, close: async () => { await Promise.all([owner.close(), superuser.close()]); } };
}

/** A hundred due invites of the lane, claimed again and again: each claim is timed and rolled back. */
async function openClaims(stack: BenchStack, ownerUrl: string, tenantId: TenantId, programId: string) {
  const db = openDatabase({ url: ownerUrl, role: 'flywheel_app', max: 1, name: 'bench claims' });
  const clock = await openDatabaseClock(db.sql);
  const keyring = openKeyring(Buffer.from(stack.env['FLYWHEEL_SECRET'] ?? '', 'base64'));
  const lane = { tenantId, lane: 'email-0', channel: 'email' as const };
  const { epoch } = await db.asTenant(tenantId, (tx) => raiseEpoch(tx, lane, clock));
  const invitees = newAddresses(GROUP).map((email) => ({ email, zone: 'UTC', consent: { basis: 'opt_in' } }));
  const batch = await db.asTenant(tenantId, (tx) => acceptInvites(tx, keyring, { tenantId, programId: asId('prg', programId), inviter: null, invitees, now: clock.now(), actor: 'bench' }));
  if (batch.outcome !== 'accepted') throw new Error(batch.outcome);
  const taken = new Error('claimed, and rolled back');
  return {
    async claim(): Promise<number> {
      let ms = Number.NaN;
      await db.asTenant(tenantId, async (tx) => {
        const startedMs = performance.now();
        const group = await claimGroup(tx, lane, epoch, GROUP, clock.now());
        ms = performance.now() - startedMs;
        if (group.outcome !== 'claimed' || group.messages.length !== GROUP) throw new Error(`claimed ${JSON.stringify(group).slice(0, 200)}`);
        throw taken;
      }).catch((error: unknown) => { if (error !== taken) throw error; });
      return ms;
    },
    async close() {
      clock.close();
      await db.close();
    },
  };
}
