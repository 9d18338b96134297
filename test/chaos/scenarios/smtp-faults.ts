import { listBreakers } from '../../../db/read/breakers.ts';
import { resetBreaker } from '../../../db/write/breaker.ts';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSink } from '../../../src/dev/sink.ts';
import type { TenantId } from '../../../src/domain/ids.ts';
import { afterFault, lastBase, takeBase, type AfterFault } from '../support/after-fault.ts';
import { bringForward } from '../support/bring-forward.ts';
import { makeChaosTenants } from '../support/chaos-tenant.ts';
import { say } from '../support/chaos-test.ts';
import { judgeFates, putOffFaults, readFated, type FateVerdict, type Troubles } from '../support/fate-verdict.ts';
import { dealFates, type Fates } from '../support/fates.ts';
import { planRequests, sendAll } from '../support/invite-load.ts';
import type { Random } from '../support/seeded-random.ts';
import { sleep, waitUntil } from '../support/wait-until.ts';
import { openWholeStack, type WholeStack } from '../support/whole-stack.ts';

export type SmtpPlan = {
  invites: number;
  tenants: readonly string[];
  sinkDelayMs: number;
  label: string;
  /** The whole server misbehaves in the middle: down, then too many connections, then the login refused; each so long. */
  incidentMs?: number;
};

export type SmtpReport = {
  verdict: FateVerdict;
  putOffFaults: string[];
  /** `fate: state/reason`, and how many. */
  ends: Record<string, number>;
  rounds: number;
  /** What waited for another reason than its recipient's, by reason. */
  ownTrouble: Record<string, number>;
  cut: number;
  tookMs: number;
  after: AfterFault;
  /** Lines for an operator that the login is refused. */
  alerts: number;
};

/** The stack with a mail server that asks for a login. */
export async function openStackWithLogin(): Promise<WholeStack> {
  const sinkDir = mkdtempSync(join(tmpdir(), 'flywheel-login-sink-'));
  const sink = await startSink({ dir: sinkDir, sync: false, login: true });
  const url = new URL(sink.url);
  url.username = 'flywheel';
  url.password = 'let-me-in';
  try {
    const stack = await openWholeStack({ env: { SMTP_URL: url.href } });
    const close = async (): Promise<void> => {
      await stack.close();
      await sink.stop();
      rmSync(sinkDir, { recursive: true, force: true });
    };
    const changed: WholeStack = { ...stack, sink, sinkDir, close };
    await takeBase(changed);
    return changed;
  } catch (error) {
    await sink.stop();
    throw error;
  }
}

const ROUND_MS = 120_000;

/**
 * Every recipient has a fate of its own while invites of several tenants leave. What is put off is looked at (why, how
 * long, does it count as a try), then brought forward, until every invite has come to its end.
 */
export async function smtpMisbehaves(stack: WholeStack, random: Random, plan: SmtpPlan): Promise<SmtpReport> {
  stack.sink.setDelay(plan.sinkDelayMs);
  const tenants = await makeChaosTenants(stack, plan.tenants);
  const tenantIds = tenants.map(({ tenantId }) => tenantId);
  const requests = planRequests(random, tenants, plan.invites, plan.label);
  const fates = dealFates(random, requests.flatMap(({ addresses }) => addresses));
  const troubles: Troubles = { cut: new Set(), forwardedAt: [] };
  const ownTrouble: Record<string, number> = {};
  stack.sink.setFault(fates.plan);
  const startedAtMs = performance.now();
  const [accepted] = await Promise.all([sendAll(requests), plan.incidentMs === undefined ? undefined : incident(stack, random, tenantIds, { fates, troubles, ownTrouble, eachMs: plan.incidentMs })]);
  const faults: string[] = [];
  let rounds = 0;
  for (let open = accepted.length; open > 0;) {
    rounds += 1;
    const states = await waitUntil('all that is due was tried', ROUND_MS, async () => {
      const rows = await readFated(stack, accepted);
      return rows.some((row) => row.busy) ? null : rows;
    }, async () => (await readFated(stack, accepted)).filter((row) => row.busy).slice(0, 3));
    const waiting = states.filter((row) => row.state === 'waiting');
    faults.push(...putOffFaults(waiting, fates, troubles));
    await countTrouble(stack, tenantIds, ownTrouble);
    open = waiting.length;
    say(`round ${String(rounds)}: ${String(accepted.length - open)} ended, ${String(open)} put off`);
    if (open === 0) break;
    troubles.forwardedAt.push(Date.now());
    await bringForward(stack, tenantIds);
  }
  stack.sink.setFault(undefined);
  const { verdict, ends } = await judgeFates(stack, accepted, fates, troubles);
  const tookMs = Math.round(performance.now() - startedAtMs);
  const { badLogLines, ...after } = await afterFault(stack, lastBase(stack), accepted);
  const isAlert = (line: string): boolean => line.includes('"reason":"smtp_auth_failed"');
  return {
    verdict, putOffFaults: faults.slice(0, 10), ends, rounds, ownTrouble, cut: troubles.cut.size, tookMs,
    after: { ...after, badLogLines: badLogLines.filter((line) => !isAlert(line)) }, alerts: badLogLines.filter(isAlert).length,
  };
}

async function countTrouble(stack: WholeStack, tenantIds: readonly TenantId[], ownTrouble: Record<string, number>): Promise<void> {
  const rows = await stack.superuser.sql<{ reason: string; count: number }[]>`
    select reason, count(*)::int as count from invites
    where tenant_id = any(${[...tenantIds]}::text[]) and state = 'waiting' and reason is not null and reason <> 'deferred' group by reason`;
  for (const { reason, count } of rows) ownTrouble[reason] = (ownTrouble[reason] ?? 0) + count;
}

type Incident = { fates: Fates; troubles: Troubles; ownTrouble: Record<string, number>; eachMs: number };

/** The server goes down in the middle of everything, comes back with no room for connections, then forgets our password. */
async function incident(stack: WholeStack, random: Random, tenantIds: readonly TenantId[], { fates, troubles, ownTrouble, eachMs }: Incident): Promise<void> {
  const begun = random.whole(20, 60);
  await waitUntil('mail goes out', 30_000, () => fates.notes.size > begun);
  const cutAt = Date.now();
  await stack.sink.shut();
  for (const [address, notes] of fates.notes) {
    const last = notes.at(-1);
    if (last !== undefined && last.at > cutAt - 5_000 && last.fault === 'none') troubles.cut.add(address);
  }
  const last = async (): Promise<void> => {
    await sleep(eachMs);
    await countTrouble(stack, tenantIds, ownTrouble);
    troubles.forwardedAt.push(Date.now());
    await bringForward(stack, tenantIds);
  };
  await last();
  stack.sink.setFault((moment) => (moment.stage === 'connect' ? { kind: 'refuse', code: 421, text: '4.7.0 Too many connections' } : fates.plan(moment)));
  await stack.sink.open();
  await closeBreaker(stack);
  await last();
  stack.sink.setFault((moment) => (moment.stage === 'login' ? { kind: 'refuse', code: 535, text: '5.7.8 Credentials invalid' } : fates.plan(moment)));
  await closeBreaker(stack);
  await last();
  stack.sink.setFault(fates.plan);
  await closeBreaker(stack);
}

/** Each trouble by itself: an operator who thinks that it is over resets the breaker. */
async function closeBreaker(stack: WholeStack): Promise<void> {
  const { sql } = stack.superuser;
  for (const { provider } of await listBreakers(sql)) await resetBreaker(sql, provider, Date.now());
}
