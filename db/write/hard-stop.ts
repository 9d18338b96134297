import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';
import type { HardStopView } from '../read/hard-stops.ts';
import type { Stoppable } from '../../src/domain/message/channel.ts';
import { recordDecision } from './decide.ts';
import { nudgeLanes } from './nudge-lanes.ts';

type Stop = { tenantId: TenantId; channel: Stoppable; actor: string; now: number };

/** Stops a channel before its next hand-off. Stopping it again keeps its beginning and takes the new reason. */
export async function setHardStop(tx: Tx, { tenantId, channel, actor, now, reason }: Stop & { reason: string }): Promise<HardStopView> {
  const [stop] = await tx.sql<HardStopView[]>`
    insert into hard_stops (tenant_id, channel, reason, since) values (${tenantId}, ${channel}, ${reason}, ${now})
    on conflict (tenant_id, channel) do update set reason = excluded.reason
    returning channel, reason, since`;
  if (stop === undefined) throw new Error('a hard stop was not written');
  await recordDecision(tx, { tenantId, subjectId: tenantId, kind: 'hard_stop_set', rule: 'A hard stop holds everything of its channel before the next hand-off.', inputs: { channel, reason }, actor, now });
  return stop;
}

/** Lifts a channel's stop, if there is one: what it held may leave. */
export async function liftHardStop(tx: Tx, { tenantId, channel, actor, now }: Stop): Promise<{ outcome: 'lifted' | 'none' }> {
  const [lifted] = await tx.sql<{ since: number }[]>`delete from hard_stops where tenant_id = ${tenantId} and channel = ${channel} returning since`;
  if (lifted === undefined) return { outcome: 'none' };
  await nudgeLanes(tx, { tenantId, now });
  await recordDecision(tx, { tenantId, subjectId: tenantId, kind: 'hard_stop_lifted', rule: 'What the stop held may leave, each at a permitted time.', inputs: { channel, since: lifted.since }, actor, now });
  return { outcome: 'lifted' };
}
