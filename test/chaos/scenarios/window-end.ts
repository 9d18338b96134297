import { z } from 'zod';
import { claimedNow, lastAttempt, waitUntilDisconnected } from '../support/attempts.ts';
import { read } from '../support/api-caller.ts';
import { makeChaosTenants, type ChaosTenant } from '../support/chaos-tenant.ts';
import { say } from '../support/chaos-test.ts';
import { acceptedBy, bodyOf, type Accepted } from '../support/invite-load.ts';
import type { Random } from '../support/seeded-random.ts';
import { readStates, judge, waitUntilTerminal, type Tally, type Verdict } from '../support/verdict.ts';
import { sleep, waitUntil } from '../support/wait-until.ts';
import type { WholeStack } from '../support/whole-stack.ts';

export type WindowPlan = { invitesEach: number; sinkDelayMs: number; label: string };

export type WindowReport = {
  verdict: Verdict;
  tally: Tally;
  /** Mails of before the end, of the quiet time (none may be), and after the next opening. */
  before: number;
  inQuiet: number;
  after: number;
  /** Waiting when the worker was back, and how many of them are planned for exactly the next opening; of the one whose window opens tomorrow too. */
  waiting: number;
  planned: number;
  tomorrow: { waiting: number; planned: number };
  /** What explain said of one that waited, by program. */
  told: Record<string, string>;
};

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;
const KINDS = ['plain', 'stopped', 'paused', 'tomorrow'] as const;
type Kind = (typeof KINDS)[number];
type Case = { kind: Kind; tenant: ChaosTenant; accepted: Accepted[] };

const storyOut = z.object({ entries: z.array(z.object({ kind: z.string(), title: z.string() })), now: z.object({ waitsFor: z.string() }) });

/**
 * The window closes while the worker is dead. Of three tenants it opens again a minute later, and of one tomorrow. While
 * the worker is down one tenant's channel is stopped, and one's program is paused; the stop is lifted inside the quiet
 * time, the pause after it.
 */
export async function windowEndsWhileDown(stack: WholeStack, random: Random, plan: WindowPlan): Promise<WindowReport> {
  const now = await databaseNow(stack);
  // Far enough that some leave before; the rest is still here when it closes.
  const endsAt = Math.ceil((now + 15_000) / MINUTE_MS) * MINUTE_MS;
  const opensAt = endsAt + MINUTE_MS;
  const opened = hhmm(endsAt - 60 * MINUTE_MS);
  const again = { start: hhmm(opensAt), end: hhmm(opensAt + 60 * MINUTE_MS) };
  const tenants = await makeChaosTenants(stack, KINDS.map((kind) => `${plan.label}${kind}`));
  const cases: Case[] = [];
  for (const [i, kind] of KINDS.entries()) {
    const tenant = tenants[i];
    if (tenant === undefined) throw new Error('a tenant is missing');
    const windows = [{ start: opened, end: hhmm(endsAt) }, ...(kind === 'tomorrow' ? [] : [again])];
    const terms = { sendRules: { layers: [{ label: 'a while', windows }] }, reminders: [] };
    const { id } = read(await tenant.api.send('POST', '/v1/programs', { loop: 'invite', title: 'A while', terms }), 201, z.object({ id: z.string() }));
    cases.push({ kind, tenant: { ...tenant, programId: id }, accepted: [] });
  }
  // The mail leaves slowly, and begins late enough to be in the middle of it at the end.
  stack.sink.setDelay(plan.sinkDelayMs);
  await sleepUntil(stack, endsAt - 12_000);
  const beforeFirst = await lastAttempt(stack);
  for (const one of cases) one.accepted.push(...(await invite(one, plan)));
  await waitUntil('something is being sent', 30_000, async () => (await claimedNow(stack, beforeFirst)) > 0);
  await sleepUntil(stack, endsAt - random.whole(2_000, 5_000));
  await stack.roles.worker.kill();
  await waitUntilDisconnected(stack, 'flywheel worker');
  say(`the worker was killed ${((endsAt - (await databaseNow(stack))) / 1000).toFixed(1)} s before the end of the window`);
  await change(cases, 'stopped', ({ api }) => api.send('PUT', '/v1/hard-stops/email', { reason: 'wrong price' }));
  await change(cases, 'paused', ({ api, programId }) => api.send('POST', `/v1/programs/${programId}/pause`, {}));
  await sleepUntil(stack, endsAt + random.whole(1_000, 6_000));
  stack.sink.setDelay(0);
  await stack.roles.worker.start();
  await change(cases, 'stopped', ({ api }) => api.send('DELETE', '/v1/hard-stops/email'));
  const found = await whenPlannedAgain(stack, cases, opensAt);
  const tomorrow = await plannedFor(stack, cases, ['tomorrow'], endsAt - 60 * MINUTE_MS + DAY_MS);
  const told: Record<string, string> = {};
  for (const one of cases) told[one.kind] = await tellOne(stack, one);
  await sleepUntil(stack, opensAt + 2_000);
  await change(cases, 'paused', ({ api, programId }) => api.send('POST', `/v1/programs/${programId}/resume`, {}));
  const today = cases.filter(({ kind }) => kind !== 'tomorrow').flatMap(({ accepted }) => accepted);
  await waitUntilTerminal(stack, today, 60_000);
  // What waits for tomorrow is no part of the verdict: it is planned, as it should be.
  const stillWaiting = new Set((await waitingOf(stack, cases, ['tomorrow'])).map(({ address }) => address));
  const all = cases.flatMap(({ accepted }) => accepted).filter(({ address }) => !stillWaiting.has(address));
  const mails = stack.sink.deliveries().filter(({ to }) => to.some((address) => address.startsWith(plan.label)));
  const between = (from: number, to: number): number => mails.filter(({ receivedAt }) => receivedAt >= from && receivedAt < to).length;
  return {
    ...(await judge(stack, all, plan.label)),
    before: between(0, endsAt), inQuiet: between(endsAt, opensAt), after: between(opensAt, Number.POSITIVE_INFINITY),
    ...found, tomorrow, told,
  };
}

async function invite({ kind, tenant }: Case, { label, invitesEach }: WindowPlan): Promise<Accepted[]> {
  const request = { tenant, key: `${label}${kind}`, addresses: Array.from({ length: invitesEach }, (_, i) => `${label}${kind}${String(i)}@people.example`) };
  return acceptedBy(request, await tenant.api.send('POST', '/v1/invites', bodyOf(request), request.key));
}

async function change(cases: readonly Case[], kind: Kind, call: (tenant: ChaosTenant) => Promise<{ status: number; text: string }>): Promise<void> {
  for (const { tenant } of cases.filter((one) => one.kind === kind)) {
    const { status, text } = await call(tenant);
    if (status >= 300) throw new Error(`${kind}: ${String(status)} ${text}`);
  }
}

type Waiting = { address: string; inviteId: string; dueAt: number | null };

async function waitingOf(stack: WholeStack, cases: readonly Case[], kinds: readonly Kind[]): Promise<Waiting[]> {
  const accepted = cases.filter(({ kind }) => kinds.includes(kind)).flatMap((one) => one.accepted);
  const states = await readStates(stack, accepted);
  const rows = await stack.superuser.sql<{ id: string; dueAt: number | null }[]>`select batch_id || ' ' || n as id, due_at as "dueAt" from invites where not stale`;
  const due = new Map(rows.map(({ id, dueAt }) => [id, dueAt]));
  return accepted.flatMap(({ address, inviteId }) => {
    const state = states.get(inviteId);
    return state?.state === 'waiting' ? [{ address, inviteId, dueAt: due.get(`${state.batchId} ${String(state.n)}`) ?? null }] : [];
  });
}

async function plannedFor(stack: WholeStack, cases: readonly Case[], kinds: readonly Kind[], at: number): Promise<{ waiting: number; planned: number }> {
  const waiting = await waitingOf(stack, cases, kinds);
  return { waiting: waiting.length, planned: waiting.filter(({ dueAt }) => dueAt === at).length };
}

/** What is paused is looked at when it is resumed; all else is planned for the next opening as soon as its sender is back. */
async function whenPlannedAgain(stack: WholeStack, cases: readonly Case[], opensAt: number): Promise<{ waiting: number; planned: number }> {
  let found = { waiting: 0, planned: 0 };
  await waitUntil('what waits is planned again', 40_000, async () => {
    found = await plannedFor(stack, cases, ['plain', 'stopped'], opensAt);
    return found.waiting === found.planned;
  }, () => found);
  return found;
}

async function tellOne(stack: WholeStack, one: Case): Promise<string> {
  const [first] = await waitingOf(stack, [one], [one.kind]);
  if (first === undefined) return 'none waits';
  const story = read(await one.tenant.api.send('GET', `/v1/invites/${first.inviteId}/explain`), 200, storyOut);
  return [...story.entries.filter(({ kind }) => kind === 'planned_again').map(({ title }) => title), `now: ${story.now.waitsFor}`].join(' | ');
}

/** The database's time: windows are judged by it. */
async function databaseNow(stack: WholeStack): Promise<number> {
  const [row] = await stack.superuser.sql<{ ms: number }[]>`select (extract(epoch from clock_timestamp()) * 1000)::float8 as ms`;
  return row?.ms ?? 0;
}

async function sleepUntil(stack: WholeStack, at: number): Promise<void> {
  await sleep(Math.max(0, at - (await databaseNow(stack))));
}

/** A wall clock's minute in UTC; windows may run past midnight. */
function hhmm(at: number): string {
  return new Date(at).toISOString().slice(11, 16);
}
