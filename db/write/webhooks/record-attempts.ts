import type { TenantId, WebhookDeliveryId, WebhookEndpointId } from '../../../src/domain/ids.ts';
import type { AttemptOutcome, DeliveryReason } from '../../../src/domain/webhook/delivery-states.ts';
import { hasFailedTooLong } from '../../../src/domain/webhook/retry-schedule.ts';
import type { Tx } from '../../client.ts';
import { disableEndpoint } from './disable-endpoint.ts';

/** What one try came to. */
export type AttemptRecord = {
  id: WebhookDeliveryId;
  endpointId: WebhookEndpointId;
  attempt: number;
  outcome: AttemptOutcome;
  reason: DeliveryReason | null;
  status: number | null;
  /** When it began (epoch ms), and how long it took. */
  at: number;
  tookMs: number;
  /** When to try again (epoch ms); null: it is over. */
  nextAt: number | null;
};

/**
 * Records tries and what follows from them. A delivery that arrived has arrived, whoever claimed it since; any other end counts only
 * while nobody has claimed it again. An endpoint that is gone, or whose deliveries are given up after days without one that got
 * through, is disabled: answers which. Repeating it changes nothing.
 */
export async function recordAttempts(tx: Tx, tenantId: TenantId, records: readonly AttemptRecord[], now: number): Promise<readonly WebhookEndpointId[]> {
  if (records.length === 0) return [];
  const failing = await noteHealth(tx, records, now);
  const ended = [...records].toSorted((a, b) => (a.id < b.id ? -1 : 1));
  await tx.sql`
    with given as (
      select * from unnest(${ended.map(({ id }) => id)}::text[], ${ended.map(({ attempt }) => attempt)}::int[], ${ended.map(({ outcome }) => outcome)}::text[],
        ${ended.map(({ reason }) => reason)}::text[], ${ended.map(({ status }) => status)}::smallint[], ${ended.map(({ at }) => at)}::timestamptz[],
        ${ended.map(({ tookMs }) => Math.round(tookMs))}::int[], ${ended.map(({ nextAt }) => nextAt)}::timestamptz[]) as g (id, attempt, outcome, reason, status, at, took_ms, next_at)
    ), noted as (
      insert into webhook_attempts (tenant_id, delivery_id, n, outcome, reason, status, took_ms, at)
      select ${tenantId}, id, attempt, outcome, reason, status, took_ms, at from given
      on conflict do nothing
    )
    update webhook_deliveries d set
      state = case when g.outcome = 'delivered' then 'delivered' when g.next_at is null then 'failed' else 'waiting' end,
      due_at = case when g.outcome = 'delivered' then null else g.next_at end,
      ended_at = case when g.outcome = 'delivered' or g.next_at is null then ${now}::timestamptz end,
      reason = g.reason, last_status = g.status
    from given g
    where d.id = g.id and ((g.outcome = 'delivered' and d.state <> 'delivered') or (d.state = 'waiting' and d.attempts = g.attempt))`;
  return disableThose(tx, tenantId, records, failing, now);
}

type Health = { id: WebhookEndpointId; failingSince: number | null };

/** Since when each endpoint has been failing; one that got something through in this group is not, and what failed on our side says nothing. */
async function noteHealth(tx: Tx, records: readonly AttemptRecord[], now: number): Promise<readonly Health[]> {
  const ids = [...new Set(records.filter(({ reason }) => reason !== 'internal_error').map(({ endpointId }) => endpointId))].toSorted();
  const well = ids.filter((id) => records.some((record) => record.endpointId === id && record.outcome === 'delivered'));
  const ill = ids.filter((id) => !well.includes(id));
  if (well.length > 0) await tx.sql`update webhook_endpoints set failing_since = null where id = any(${well}::text[]) and failing_since is not null`;
  if (ill.length === 0) return [];
  await tx.sql`update webhook_endpoints set failing_since = ${now} where id = any(${ill}::text[]) and failing_since is null`;
  return tx.sql<Health[]>`select id, failing_since as "failingSince" from webhook_endpoints where id = any(${ill}::text[])`;
}

async function disableThose(tx: Tx, tenantId: TenantId, records: readonly AttemptRecord[], failing: readonly Health[], now: number): Promise<readonly WebhookEndpointId[]> {
  const disabled: WebhookEndpointId[] = [];
  for (const endpointId of new Set(records.filter(({ nextAt, outcome }) => nextAt === null && outcome !== 'delivered').map((record) => record.endpointId))) {
    const isGone = records.some((record) => record.endpointId === endpointId && record.outcome === 'gone');
    const since = failing.find(({ id }) => id === endpointId)?.failingSince ?? null;
    if (!isGone && !hasFailedTooLong(since, now)) continue;
    const done = await disableEndpoint(tx, { tenantId, endpointId, reason: isGone ? 'gone' : 'failing', actor: 'webhooks', now });
    if (done) disabled.push(endpointId);
  }
  return disabled;
}
