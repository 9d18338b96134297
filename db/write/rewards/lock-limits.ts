import type { ProgramId, RewardId, TenantId } from '../../../src/domain/ids.ts';
import type { Unit } from '../../../src/domain/money/unit.ts';
import type { Budget } from '../../../src/domain/reward/budget.ts';
import { capKey, type Counted } from '../../../src/domain/reward/cap-use.ts';
import type { RewardCap } from '../../../src/domain/reward/reward-terms.ts';
import type { LimitState } from '../../../src/domain/reward/take-limits.ts';
import type { Tx } from '../../client.ts';
import type { Grant, Limits, Step } from './run-steps.ts';
import type { RewardRow } from './reward-row.ts';

/** Caps by `program/version`, and the tenant's zone, where the caller has read them already. */
export type KnownLimits = { readonly caps: ReadonlyMap<string, readonly RewardCap[]>; readonly zone: string };
type Wanted = { readonly tenantId: TenantId; readonly rows: readonly RewardRow[]; readonly steps: readonly Step[]; readonly grants: readonly Grant[]; readonly known?: KnownLimits | undefined };
type Looked = Counted & { readonly programId: ProgramId; readonly programVersion: number; /** Of a reward that was granted before. */ readonly capZone: string | null };

/**
 * The caps and budgets that these steps and grants may take from or give back to: made where they are missing, locked in
 * the order of their keys, caps first. So that a burst never overspends, they stay locked until the transaction ends.
 */
export async function lockLimits(tx: Tx, { tenantId, rows, steps, grants, known }: Wanted): Promise<Limits> {
  const looked = looksAt(rows, steps, grants);
  const caps = await loadCaps(tx, looked, known?.caps ?? new Map());
  const capsOf = (programId: ProgramId, version: number): readonly RewardCap[] => caps.get(`${programId}/${String(version)}`) ?? [];
  const zone = known?.zone ?? (caps.size === 0 ? 'UTC' : await zoneOf(tx, tenantId));
  // Sent one after the other, answered together.
  const [used, budgets] = await Promise.all([lockCaps(tx, tenantId, looked.flatMap(({ programId, programVersion, capZone, ...counted }) =>
    capsOf(programId, programVersion).flatMap((cap) => {
      const key = capKey(cap, counted, capZone ?? zone);
      return key === null ? [] : [{ programId, key }];
    }))), lockBudgets(tx, tenantId, looked)]);
  const programIds = new Set(looked.map(({ programId }) => programId));
  return {
    capsOf,
    states: new Map([...programIds].map((id): [ProgramId, LimitState] => [id, { zone, used: used.get(id) ?? new Map(), budgets: budgets.get(id) ?? new Map() }])),
  };
}

/** Pauses, and what happens to what was given, leave caps and budgets as they are. */
const LEAVE_LIMITS: ReadonlySet<Step['move']['kind']> = new Set<Step['move']['kind']>(['pause', 'resume', 'redeem', 'expire', 'pay']);

function looksAt(rows: readonly RewardRow[], steps: readonly Step[], grants: readonly Grant[]): Looked[] {
  const moved = new Set<RewardId>(steps.flatMap(({ rewardId, move }) => (LEAVE_LIMITS.has(move.kind) ? [] : [rewardId])));
  return [
    ...rows.filter(({ id }) => moved.has(id)).map(({ programId, programVersion, memberId, ruleKey, unit, earnedAt, grantedMinor, capZone }): Looked => ({ programId, programVersion, memberId, ruleKey, unit, earnedAt, capZone, amountMinor: grantedMinor })),
    ...grants.map(({ programId, programVersion, move: { amountMinor, reward: { memberId, ruleKey, unit, earnedAt } } }): Looked => ({ programId, programVersion, memberId, ruleKey, unit, earnedAt, amountMinor, capZone: null })),
  ];
}

/** By `program/version`; versions without caps need not be in it. */
async function loadCaps({ sql }: Tx, looked: readonly Looked[], known: KnownLimits['caps']): Promise<KnownLimits['caps']> {
  const versions = new Map(looked.map(({ programId, programVersion }) => [`${programId}/${String(programVersion)}`, { programId, programVersion }]));
  for (const version of known.keys()) versions.delete(version);
  if (versions.size === 0) return known;
  const rows = await sql<{ programId: ProgramId; version: number; caps: readonly RewardCap[] }[]>`
    select v.program_id as "programId", v.version, v.caps
    from unnest(${[...versions.values()].map(({ programId }) => programId)}::text[], ${[...versions.values()].map(({ programVersion }) => programVersion)}::int[]) as n (program_id, version)
    cross join lateral (select program_id, version, terms #> '{rewards,caps}' as caps from program_versions where program_id = n.program_id and version = n.version limit 1) v
    where jsonb_path_exists(v.caps, '$[0]')`;
  return new Map([...known, ...rows.map(({ programId, version, caps }) => [`${programId}/${String(version)}`, caps] as const)]);
}

/** A day or month of a cap is one of the tenant's zone. */
async function zoneOf({ sql }: Tx, tenantId: TenantId): Promise<string> {
  const [tenant] = await sql<{ zone: string }[]>`select zone from tenants where id = ${tenantId}`;
  return tenant?.zone ?? 'UTC';
}

/** `do update` rather than `do nothing`: it locks what is there, in the same order in which it makes what is not. */
async function lockCaps({ sql }: Tx, tenantId: TenantId, named: readonly { programId: ProgramId; key: string }[]): Promise<Map<ProgramId, Map<string, number>>> {
  const each = [...new Map(named.map((one) => [`${one.programId}/${one.key}`, one])).values()];
  if (each.length === 0) return new Map();
  const rows = await sql<{ programId: ProgramId; key: string; used: number }[]>`
    insert into reward_caps as c (tenant_id, program_id, key, used)
    select ${tenantId}, n.program_id, n.key, 0
    from unnest(${each.map(({ programId }) => programId)}::text[], ${each.map(({ key }) => key)}::text[]) as n (program_id, key)
    order by n.program_id, n.key
    on conflict (program_id, key) do update set used = c.used
    returning c.program_id as "programId", c.key, c.used`;
  return nested(rows.map(({ programId, key, used }) => [programId, key, used]));
}

/** Every program has a row for each unit it ever gave, so that a budget that comes later counts what was given before. */
async function lockBudgets({ sql }: Tx, tenantId: TenantId, looked: readonly Looked[]): Promise<Map<ProgramId, Map<Unit, Budget>>> {
  const each = [...new Map(looked.map(({ programId, unit }) => [`${programId}/${unit}`, { programId, unit }])).values()];
  if (each.length === 0) return new Map();
  const rows = await sql<(Budget & { programId: ProgramId; unit: Unit })[]>`
    insert into reward_budgets as b (tenant_id, program_id, unit)
    select ${tenantId}, n.program_id, n.unit
    from unnest(${each.map(({ programId }) => programId)}::text[], ${each.map(({ unit }) => unit)}::text[]) as n (program_id, unit)
    order by n.program_id, n.unit
    on conflict (program_id, unit) do update set reserved_minor = b.reserved_minor
    returning b.program_id as "programId", b.unit, b.total_minor as "totalMinor", b.reserved_minor as "reservedMinor", b.confirmed_minor as "confirmedMinor"`;
  return nested(rows.map(({ programId, unit, ...budget }) => [programId, unit, budget]));
}

function nested<A, B, C>(entries: readonly (readonly [A, B, C])[]): Map<A, Map<B, C>> {
  const all = new Map<A, Map<B, C>>();
  for (const [a, b, c] of entries) all.set(a, (all.get(a) ?? new Map<B, C>()).set(b, c));
  return all;
}

/**
 * What the limits have become, written where it differs from what was locked. Nothing depends on the answer. All rows are there: an
 * insert that always meets its row is an update that goes by the key, whatever is known of the table.
 */
export function writeLimits(tx: Tx, tenantId: TenantId, before: Limits, after: Limits['states']): void {
  const caps = [...after].flatMap(([programId, { used }]) =>
    [...used].flatMap(([key, now]) => (before.states.get(programId)?.used.get(key) === now ? [] : [{ programId, key, used: now }])));
  if (caps.length > 0) {
    tx.answerLater(tx.sql`
      insert into reward_caps (tenant_id, program_id, key, used)
      select ${tenantId}, n.program_id, n.key, n.used
      from unnest(${caps.map(({ programId }) => programId)}::text[], ${caps.map(({ key }) => key)}::text[], ${caps.map(({ used }) => used)}::bigint[]) as n (program_id, key, used)
      on conflict (program_id, key) do update set used = excluded.used`);
  }
  const budgets = [...after].flatMap(([programId, { budgets: ofProgram }]) =>
    [...ofProgram].flatMap(([unit, budget]) => (before.states.get(programId)?.budgets.get(unit) === budget ? [] : [{ programId, unit, ...budget }])));
  if (budgets.length === 0) return;
  tx.answerLater(tx.sql`
    insert into reward_budgets (tenant_id, program_id, unit, reserved_minor, confirmed_minor)
    select ${tenantId}, n.program_id, n.unit, n.reserved_minor, n.confirmed_minor
    from unnest(${budgets.map(({ programId }) => programId)}::text[], ${budgets.map(({ unit }) => unit)}::text[],
                ${budgets.map(({ reservedMinor }) => reservedMinor)}::bigint[], ${budgets.map(({ confirmedMinor }) => confirmedMinor)}::bigint[]) as n (program_id, unit, reserved_minor, confirmed_minor)
    on conflict (program_id, unit) do update set reserved_minor = excluded.reserved_minor, confirmed_minor = excluded.confirmed_minor`);
}
