import { randomUUID } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { z } from 'zod';
import { FIND_STREAKS_WORKFLOW } from '../../../workflows/system/find-streaks-at-risk/contract.ts';
import type { findStreaks } from '../../../workflows/system/find-streaks-at-risk/workflow.ts';
import { TASK_QUEUE } from '../../../workflows/system/sender/contract.ts';
import type { Lane } from '../lane.ts';
import type { BenchStack } from '../support/bench-stack.ts';
import { makeBenchTenant, type BenchTenant } from '../support/bench-tenant.ts';
import { openHttpLoad } from '../support/http-load.ts';
import { figureRow } from '../support/rows.ts';

const HOUR_MS = 3_600_000;
/** One of so many is at risk. */
const ONE_OF = 20;

/** The hourly sweep for streaks at risk: from its start until what it offers is stored. */
export const streaks: Lane = {
  name: 'streaks',
  title: 'Members swept for streaks at risk',
  async run(stack, { rounds, quick, say }) {
    const members = quick ? 4_000 : 100_000;
    const tenant = await makeBenchTenant(stack, 'practising');
    await makeRescues(stack, tenant);
    await makeStreaks(stack, tenant, members);
    await stack.worker('no-op');
    const connection = await Connection.connect({ address: stack.temporal.address });
    const client = new Client({ connection, namespace: stack.temporal.namespace });
    const sweep = async (): Promise<number> => {
      const began = performance.now();
      await client.workflow.execute<typeof findStreaks>(FIND_STREAKS_WORKFLOW, { taskQueue: TASK_QUEUE, workflowId: `find-streaks-at-risk/${randomUUID()}`, args: [] });
      return (performance.now() - began) / 1_000;
    };
    const ours: number[] = [];
    for (let round = 0; round <= rounds; round += 1) {
      const seconds = await sweep();
      await checkOffered(stack, tenant, members / ONE_OF);
      say(`round ${String(round)}: ${seconds.toFixed(1)} s`);
      if (round > 0) ours.push(seconds);
      if (round < rounds) await takeBack(stack, tenant);
    }
    const again = await sweep();
    const exactlyOnce = await checkOffered(stack, tenant, members / ONE_OF);
    say(`again, with all of them offered: ${again.toFixed(1)} s`);
    await connection.close();
    return [figureRow({
      lane: this.name, exactlyOnce, unit: 's', ours, reference: null, judge: 'ours', goal: { atMost: 10 },
      what: `${members.toLocaleString('en')} members swept for streaks at risk, ${(members / ONE_OF).toLocaleString('en')} offered help and shown it in their feeds`,
    })];
  },
};

/** Offered at any hour, so that it does not matter when the bench runs. */
async function makeRescues({ apiUrl }: BenchStack, { secret }: BenchTenant): Promise<void> {
  const load = openHttpLoad(apiUrl, 1);
  const answer = await load.send({ method: 'POST', path: '/v1/programs', secret, body: JSON.stringify({ loop: 'streak-rescue', title: 'Rescues', terms: { sendRules: { layers: [] } } }) });
  load.close();
  if (answer.status !== 201) throw new Error(`a program was answered ${String(answer.status)}: ${answer.text.slice(0, 500)}`);
  z.object({ id: z.string() }).parse(JSON.parse(answer.text));
}

/** Of fifty kinds of quiet hours, none of them now: hours are planned for each kind. */
async function makeStreaks({ superuser }: BenchStack, { tenantId }: BenchTenant, members: number): Promise<void> {
  const now = Date.now();
  const minute = (n: number): string => new Date(now + (6 + (n % 50) / 5) * HOUR_MS).toISOString().slice(11, 16);
  const quiet = Array.from({ length: 50 }, (_none, n) => JSON.stringify([{ start: minute(n), end: new Date(Date.parse(`2026-01-01T${minute(n)}:00Z`) + 60_000).toISOString().slice(11, 16) }]));
  await superuser.sql`
    insert into members (id, tenant_id, external_id, quiet_hours, created_at, updated_at)
    select 'mbr_' || lpad(n::text, 26, '0'), ${tenantId}, 'm' || n, (${quiet}::text[])[1 + n % 50]::jsonb, ${now}, ${now} from generate_series(1, ${members}) n`;
  await superuser.sql`
    insert into streaks (tenant_id, member_id, streak, current, longest, latest_at, latest_zone, latest_day, credited_day, frozen_days, zone, freezes_left, expires_at, day_ends_at, worked_out_at)
    select m.tenant_id, m.id, 'practice', 9, 9, ${now - 20 * HOUR_MS}, 'UTC', ${new Date(now - 20 * HOUR_MS).toISOString().slice(0, 10)}::date, ${new Date(now - 20 * HOUR_MS).toISOString().slice(0, 10)}::date,
           '{}', 'UTC', 0, e.at, e.at, ${now}
    from members m cross join lateral (select ${now + 3 * HOUR_MS}::timestamptz + make_interval(hours => case when substr(m.external_id, 2)::int % ${ONE_OF} = 0 then 0 else 24 end) as at) e
    where m.tenant_id = ${tenantId}`;
  await superuser.sql`vacuum analyze members`;
  await superuser.sql`vacuum analyze streaks`;
}

async function takeBack({ superuser }: BenchStack, { tenantId }: BenchTenant): Promise<void> {
  await superuser.sql`delete from feed_items where tenant_id = ${tenantId}`;
  await superuser.sql`delete from prompts where tenant_id = ${tenantId}`;
}

async function checkOffered({ superuser }: BenchStack, { tenantId }: BenchTenant, expected: number): Promise<string> {
  const [row] = await superuser.sql<{ prompts: number; people: number; items: number; runs: number }[]>`
    select (select count(*)::int from prompts where tenant_id = ${tenantId}) as prompts, (select count(distinct member_id)::int from prompts where tenant_id = ${tenantId}) as people,
           (select count(*)::int from feed_items where tenant_id = ${tenantId}) as items, (select count(*)::int from runs where tenant_id = ${tenantId}) as runs`;
  if (row?.prompts !== expected || row.people !== expected || row.items !== expected || row.runs !== 0) throw new Error(`not offered once each: ${JSON.stringify(row)} of ${String(expected)}`);
  return `${String(expected)} offered, once each though swept again, no run started`;
}
