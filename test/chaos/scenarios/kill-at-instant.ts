import { openKeyring } from '../../../src/config/keyring.ts';
import { z } from 'zod';
import { findFreePort } from '../../../src/dev/free-port.ts';
import { senderWorkflowId } from '../../../workflows/system/sender/contract.ts';
import { takeBase } from '../support/after-fault.ts';
import { apiCaller } from '../support/api-caller.ts';
import { makeChaosTenant, type ChaosTenant } from '../support/chaos-tenant.ts';
import { openDatabaseProxy } from '../support/database-proxy.ts';
import { acceptedBy, bodyOf, type Accepted, type InviteRequest } from '../support/invite-load.ts';
import type { Random } from '../support/seeded-random.ts';
import { judge, waitUntilTerminal, type Tally, type Verdict } from '../support/verdict.ts';
import { waitUntil } from '../support/wait-until.ts';
import type { WholeStack } from '../support/whole-stack.ts';

export type InstantPlan = { label: string; tenant: string; kills: number };

function planOne(random: Random, tenant: ChaosTenant, label: string, i: number): InviteRequest {
  const addresses = Array.from({ length: random.whole(1, 20) }, (_, n) => `${label}${String(i)}-${String(n)}@people.example`);
  return { tenant, key: `${label}${String(random.seed)}-${String(i)}`, addresses };
}

export type AfterCommitReport = { verdict: Verdict; tally: Tally; unanswered: number; committed: number; replayedWordForWord: number; batches: number };

/**
 * Kills an API after PostgreSQL has committed a keyed request and before the API hears of it: the word COMMIT is on its
 * way back when everything stops. The caller gets no answer; its repeat, at another API, gets the one that was stored.
 */
export async function killApiAfterCommit(stack: WholeStack, random: Random, plan: InstantPlan): Promise<AfterCommitReport> {
  await takeBase(stack);
  const tenant = await makeChaosTenant(stack, plan.tenant);
  const accepted: Accepted[] = [];
  const report = { unanswered: 0, committed: 0, replayedWordForWord: 0 };
  const keyring = openKeyring(Buffer.from(stack.env['FLYWHEEL_SECRET'] ?? '', 'base64'));
  for (let i = 0; i < plan.kills; i += 1) {
    const request = planOne(random, tenant, plan.label, i);
    const proxy = await openDatabaseProxy(stack.postgres.port, ({ sent }, { from, text }) =>
      from === 'server' && sent.includes('insert into idempotency') && text.includes('COMMIT\0'));
    try {
      const port = await findFreePort(undefined);
      const api = await stack.startBeside('api', `api-${String(i)}`, { API_PORT: String(port), DATABASE_APP_URL: proxy.url(urlOf(stack)) });
      const killed = proxy.stopped.then(() => api.kill());
      const answer = await apiCaller(`http://127.0.0.1:${String(port)}`, tenant.secret).send('POST', '/v1/invites', bodyOf(request), request.key).catch(() => null);
      await killed;
      if (answer === null) report.unanswered += 1;
    } finally {
      await proxy.close();
    }
    const [stored] = await stack.superuser.sql<{ body: Uint8Array }[]>`select body_sealed as body from idempotency where tenant_id = ${tenant.tenantId} and key = ${request.key}`;
    if (stored !== undefined) report.committed += 1;
    const again = await tenant.api.send('POST', '/v1/invites', bodyOf(request), request.key);
    if (again.replayed && stored !== undefined && again.text === keyring.open(tenant.tenantId, stored.body)) report.replayedWordForWord += 1;
    accepted.push(...acceptedBy(request, again));
  }
  await waitUntilTerminal(stack, accepted, 60_000);
  const [batches] = await stack.superuser.sql<{ count: number }[]>`select count(*)::int as count from invite_batches where tenant_id = ${tenant.tenantId}`;
  return { ...(await judge(stack, accepted, plan.label)), ...report, batches: batches?.count ?? 0 };
}

export type BeforeMarkReport = { verdict: Verdict; tally: Tally; startedUnmarked: number };

/**
 * Kills the relay after Temporal has started the sender (or heard the nudge) and before the outbox row is gone: the
 * statement that deletes it is on its way when everything stops. The next relay tells Temporal again, which does no harm.
 */
export async function killRelayBeforeMark(stack: WholeStack, random: Random, plan: InstantPlan): Promise<BeforeMarkReport> {
  await takeBase(stack);
  const accepted: Accepted[] = [];
  let startedUnmarked = 0;
  for (let i = 0; i < plan.kills; i += 1) {
    const tenant = await makeChaosTenant(stack, `${plan.tenant}${String(i)}`);
    await stack.roles.relay.kill();
    const proxy = await openDatabaseProxy(stack.postgres.port, (_seen, { from, text }) => from === 'process' && text.includes('delete from outbox'));
    try {
      const relay = await stack.startBeside('relay', `relay-${String(i)}`, { DATABASE_RELAY_URL: proxy.url(urlOf(stack)) });
      const killed = proxy.stopped.then(() => relay.kill());
      const request = planOne(random, tenant, plan.label, i);
      accepted.push(...acceptedBy(request, await tenant.api.send('POST', '/v1/invites', bodyOf(request), request.key)));
      await killed;
    } finally {
      await proxy.close();
    }
    const [left] = await stack.superuser.sql<{ count: number }[]>`select count(*)::int as count from outbox where tenant_id = ${tenant.tenantId}`;
    const { status } = await stack.client.workflow.getHandle(senderWorkflowId({ tenantId: tenant.tenantId, lane: 'email-0' })).describe();
    if ((left?.count ?? 0) > 0 && status.name === 'RUNNING') startedUnmarked += 1;
    // Sent, while the row still says that nobody was told.
    await waitUntilTerminal(stack, accepted, 60_000);
    await stack.roles.relay.start();
    await waitUntil('the outbox is empty', 30_000, async () => (await stack.superuser.sql`select 1 from outbox where tenant_id = ${tenant.tenantId}`).length === 0);
  }
  return { ...(await judge(stack, accepted, plan.label)), startedUnmarked };
}

function urlOf(stack: WholeStack): string {
  return z.string().parse(stack.env['DATABASE_URL']);
}
