import { MOST_SKEW_MS } from '../../../db/clock.ts';
import { listBreakers, type BreakerRow } from '../../../db/read/breakers.ts';
import { laneServices, type LaneService } from '../../../db/read/lane-service.ts';
import { holdsInForce, overdueLanes, type OverdueLane } from '../../../db/read/overdue-lanes.ts';
import { outboxWaiting } from '../../../db/read/outbox-waiting.ts';
import { unknownHandOffs } from '../../../db/read/held-messages.ts';
import { tenantIds } from '../../../db/read/tenants.ts';
import { providerText } from '../../domain/sending/hold.ts';
import type { Context } from '../context.ts';
import { askTenants } from '../tenant-access.ts';
import { count } from '../text/table.ts';
import { lengthText } from '../text/time.ts';
import { note, ok, problem } from './finding.ts';
import type { Finding } from './finding.ts';

/** The relay looks for late lanes every 15 s: what is later than this was not helped by it. */
const LATE_MS = 45_000;
/** A lane that was served so lately is being worked off. */
const SERVED_LATELY_MS = 60_000;
/** The relay looks every second. */
const OUTBOX_LATE_MS = 30_000;
const MOST_SHOWN = 5;

export type LaneState = { readonly now: number; readonly services: readonly LaneService[]; readonly overdue: readonly OverdueLane[] };

/** What the lanes of all tenants look like now. */
export async function readLanes(context: Context): Promise<LaneState & { findings: Finding[] }> {
  const { sql } = context.relay();
  const now = await context.now(sql);
  const overdue = await overdueLanes(sql, now - LATE_MS);
  const asked = await askTenants(context, await tenantIds(sql), async (tx) => ({ services: await laneServices(tx), unknown: await unknownHandOffs(tx) }));
  const services = asked.flatMap((each) => each.services);
  return {
    now, services, overdue,
    findings: [...lateFindings({ now, services, overdue }), ...unknownFindings(asked.map(({ unknown }) => unknown), now), ...holdsNote(await holdsInForce(sql)), ...breakerFindings(await listBreakers(context.app().sql), now)],
  };
}

/** Is what Temporal has to be told told in time? */
export async function checkOutbox(context: Context): Promise<Finding[]> {
  const { sql } = context.relay();
  const [now, lanes] = [await context.now(sql), await outboxWaiting(sql)];
  const [longest] = lanes;
  if (longest === undefined) return [ok('outbox', 'It is empty.')];
  const waits = `${count(lanes.reduce((sum, { waiting }) => sum + waiting, 0), 'row')} in ${count(lanes.length, 'lane')}, the oldest for ${lengthText(now - longest.oldestAt)}`;
  return [now - longest.oldestAt < OUTBOX_LATE_MS
    ? ok('outbox', `It is being handed over: ${waits}.`)
    : problem('outbox', `Temporal is not told what is due: ${waits}.`, 'Start a relay (src/main.ts relay), or read in its log why it cannot hand over; npx flywheel outbox shows the lanes.')];
}

function lateFindings({ now, services, overdue }: LaneState): Finding[] {
  const servedLately = (lane: OverdueLane): boolean => services.some((service) =>
    service.tenantId === lane.tenantId && service.lane === lane.lane && service.servedAt !== null && now - service.servedAt < SERVED_LATELY_MS && Math.abs(service.clockSkewMs ?? 0) <= MOST_SKEW_MS);
  const stuck = overdue.filter((lane) => !servedLately(lane));
  const busy = overdue.filter(servedLately);
  return [
    ...stuck.slice(0, MOST_SHOWN).map((lane) => problem('lanes', `${nameOf(lane)} is late by ${lengthText(now - lane.dueSince)}: ${count(lane.batches, 'batch', 'batches')} due, and nobody serves it.`,
      'See that a worker and a relay run (below); the relay calls late lanes by itself every 15 s.')),
    ...(stuck.length > MOST_SHOWN ? [problem('lanes', `${String(stuck.length - MOST_SHOWN)} more lanes are late.`, 'npx flywheel lanes')] : []),
    ...(busy.length > 0 ? [note('lanes', `${count(busy.length, 'lane')} with a backlog ${busy.length === 1 ? 'is' : 'are'} being worked off, the longest since ${lengthText(now - (busy[0]?.dueSince ?? now))}.`, 'More workers send more at once, as far as the mail server lets them.')] : []),
    ...(overdue.length === 0 ? [ok('lanes', `${count(services.length, 'lane')}, none late.`)] : []),
  ];
}

function unknownFindings(unknown: readonly { count: number; oldestAt: number | null }[], now: number): Finding[] {
  const total = unknown.reduce((sum, { count: each }) => sum + each, 0);
  if (total === 0) return [];
  const oldest = Math.min(...unknown.flatMap(({ oldestAt }) => (oldestAt === null ? [] : [oldestAt])));
  const since = Number.isFinite(oldest) ? `, the oldest for ${lengthText(now - oldest)}` : '';
  return [note('lanes', `${count(total, 'hand-off')} of unknown outcome${since}: each may have arrived, and is not sent again.`, 'Delivery events settle them (POST /v1/delivery-events); npx flywheel held --reason unknown shows them.')];
}

/** What a provider that fails holds. */
function breakerFindings(breakers: readonly BreakerRow[], now: number): Finding[] {
  return breakers.flatMap(({ provider, openedAt, reason }) => (openedAt === null ? [] : [problem(
    'lanes', `${providerText(provider)} fails (${reason ?? 'unknown'}), for ${lengthText(now - openedAt)}: everything that leaves by it waits, and single messages try.`,
    `Mend it, or wait; npx flywheel breakers reset ${provider} lets everything leave again, and forgets a provider that is no longer used.`)]));
}

/** What is on purpose, and explains why something does not leave. */
function holdsNote(holds: { tenantsPaused: number; programsPaused: number; hardStops: number }): Finding[] {
  const parts = [[holds.tenantsPaused, 'tenant paused', 'tenants paused'], [holds.programsPaused, 'program paused', 'programs paused'], [holds.hardStops, 'hard stop set', 'hard stops set']] as const;
  const set = parts.filter(([number]) => number > 0).map(([number, one, many]) => count(number, one, many));
  return set.length === 0 ? [] : [note('lanes', `Held on purpose: ${set.join(', ')}.`, 'npx flywheel held')];
}

export function nameOf({ tenantId, lane }: { tenantId: string; lane: string }): string {
  return `${lane} of ${tenantId}`;
}
