import { makeId, type TenantId } from '../../../src/domain/ids.ts';
import type { Figure } from '../../../src/domain/report/daily-figures.ts';
import { daysOf, type IsoWeek } from '../../../src/domain/report/iso-week.ts';
import { dayAt, daySpan, type Span } from '../../../src/domain/report/week-times.ts';
import type { Tx } from '../../client.ts';

const DAY_MS = 86_400_000;
/** What an app says of its time may be this much ahead of ours. */
const AHEAD_MS = DAY_MS;
/** No request of invites lives longer. */
const LONGEST_LIFE_MS = 366 * DAY_MS;
const NO_RANDOM = new Uint8Array(10);

type Fragment = ReturnType<Tx['sql']>;
/** The days that are counted, as a row source `days` (day, week, starts_at, ends_at), and the instants around all of them. */
type Counting = { readonly tx: Tx; readonly tenantId: TenantId; readonly firstAt: number; readonly lastAt: number };

type Day = { readonly day: string; readonly monday: string } & Span;

/**
 * A part of a roll-up that one statement counts: what is found by reading far back for all days at once, who was active week by week, and the rest
 * day by day. So no statement reads more than it must, and a large tenant's count can stop and go on between two.
 */
export type RollUpPart = { readonly count: 'invites' | 'people' | 'active' | 'day'; readonly days: readonly Day[] };

/** The parts that count the days of these weeks; days that have not begun in the zone are left out. The same each time within a day. */
export function rollUpParts({ weeks, zone, now }: { weeks: readonly IsoWeek[]; zone: string; now: number }): readonly RollUpPart[] {
  const today = dayAt(now, zone);
  const byWeek = weeks.map((week) => daysOf(week).filter((day) => day <= today).map((day) => ({ day, monday: daysOf(week)[0] ?? day, ...daySpan(day, zone) }))).filter((days) => days.length > 0);
  const all = byWeek.flat();
  if (all.length === 0) return [];
  return [{ count: 'invites', days: all }, { count: 'people', days: all }, ...byWeek.map((days) => ({ count: 'active' as const, days })), ...all.map((day) => ({ count: 'day' as const, days: [day] }))];
}

/**
 * Counts one part anew, from the facts as they stand, and sets what was counted of it before. Repeatable: facts that came late are in. Who else
 * counts for this tenant waits.
 */
export async function rollUpPart(tx: Tx, { tenantId, part }: { tenantId: TenantId; part: RollUpPart }): Promise<void> {
  await lockRollUp(tx, tenantId);
  const { days } = part;
  const named = days.map(({ day }) => day);
  const counting: Counting = { tx, tenantId, firstAt: Math.min(...days.map(({ startsAt }) => startsAt)), lastAt: Math.max(...days.map(({ endsAt }) => endsAt)) };
  const { figures, source } = countedBy(part, counting);
  const calendar = tx.sql`days as (
    select * from unnest(${named}::date[], ${days.map(({ monday }) => monday)}::date[], ${days.map(({ startsAt }) => startsAt)}::timestamptz[], ${days.map(({ endsAt }) => endsAt)}::timestamptz[])
      as d (day, week, starts_at, ends_at))`;
  await tx.sql`delete from daily_figures where tenant_id = ${tenantId} and day = any(${named}::date[]) and figure = any(${figures}::text[])`;
  await tx.sql`
    with ${calendar}
    insert into daily_figures (tenant_id, day, program_id, figure, unit, count, amount_minor)
    select ${tenantId}, f.day, f.program_id, f.figure, f.unit, f.count, f.amount_minor from (${source}) as f (day, program_id, figure, unit, count, amount_minor)`;
  if (part.count !== 'people') return;
  await tx.sql`delete from daily_referrers where tenant_id = ${tenantId} and day = any(${named}::date[])`;
  await tx.sql`
    with ${calendar}
    insert into daily_referrers (tenant_id, day, member_id, sign_ups, first_values)
    select ${tenantId}, day, member_id, sum(sign_up), sum(first_value) from (
      select d.day, r.referrer_id as member_id, 1 as sign_up, 0 as first_value from (${signUps(counting)}) r join days d on r.at >= d.starts_at and r.at < d.ends_at
      union all
      select d.day, r.referrer_id, 0, 1 from (${firstValues(counting)}) r join days d on r.at >= d.starts_at and r.at < d.ends_at
    ) brought group by day, member_id`;
}

function countedBy({ count }: RollUpPart, counting: Counting): { figures: readonly Figure[]; source: Fragment } {
  const { tx } = counting;
  switch (count) {
    case 'invites': return { figures: ['invites'], source: invites(counting) };
    case 'people': return { figures: ['sign_ups', 'first_values', 'conversions'], source: tx.sql`${people(counting)} union all ${conversions(counting)}` };
    case 'active': return { figures: ['active_in_week'], source: activeMembers(counting) };
    case 'day': return { figures: ['clicks', 'rewards_held', 'rewards_released', 'rewards_paid'], source: tx.sql`${clicks(counting)} union all ${rewards(counting)}` };
  }
}

/** Counts the days of these weeks at once, in one transaction: for who has little to count. */
export async function rollUp(tx: Tx, { tenantId, ...of }: { tenantId: TenantId; weeks: readonly IsoWeek[]; zone: string; now: number }): Promise<void> {
  for (const part of rollUpParts(of)) await rollUpPart(tx, { tenantId, part });
}

/** Held until the transaction ends: reports of one tenant are counted and written one after the other. */
export async function lockRollUp(tx: Tx, tenantId: TenantId): Promise<void> {
  await tx.sql`select pg_advisory_xact_lock(hashtextextended(${`report ${tenantId}`}, 0))`;
}

/** By the first hand-off of the invitation itself, on whatever channel. A request's id tells when it was made, so nothing older is read. */
function invites({ tx, tenantId, firstAt, lastAt }: Counting): Fragment {
  return tx.sql`
    select d.day, s.program_id, 'invites', '', count(*), 0::bigint
    from (
      select b.program_id, min(m.recorded_at) as at
      from invite_batches b join messages m on m.batch_id = b.id
      where b.tenant_id = ${tenantId} and b.id >= ${makeId('bat', Math.max(0, firstAt - LONGEST_LIFE_MS), NO_RANDOM)} and b.id < ${makeId('bat', lastAt, NO_RANDOM)}
        and b.notice is null and b.expires_at > ${firstAt - DAY_MS} and m.step = 0 and m.state = 'handed_off'
      group by b.id, b.program_id, m.n
    ) s join days d on s.at >= d.starts_at and s.at < d.ends_at
    group by 1, 2`;
}

/** Members who look after a notice of theirs are nobody's invitees. A touch's id tells when it was made, so that a day's are read by their key. */
function clicks({ tx, tenantId, firstAt, lastAt }: Counting): Fragment {
  return tx.sql`
    select d.day, coalesce(b.program_id, l.program_id), 'clicks', '', count(*), 0::bigint
    from touches t join links l on l.tenant_id = t.tenant_id and l.code = t.code
    left join invite_batches b on b.tenant_id = t.tenant_id and b.id = l.batch_id
    join days d on t.at >= d.starts_at and t.at < d.ends_at
    where t.tenant_id = ${tenantId} and t.id >= ${makeId('tch', Math.max(0, firstAt - DAY_MS), NO_RANDOM)} and t.id < ${makeId('tch', lastAt + AHEAD_MS + DAY_MS, NO_RANDOM)}
      and t.kind = 'click' and t.counted and t.recorded_at >= ${firstAt} and t.recorded_at < ${lastAt + AHEAD_MS} and b.notice is null
    group by 1, 2`;
}

function people(counting: Counting): Fragment {
  return counting.tx.sql`
    select d.day, r.program_id, 'sign_ups', '', count(*), 0::bigint from (${signUps(counting)}) r join days d on r.at >= d.starts_at and r.at < d.ends_at group by 1, 2
    union all
    select d.day, r.program_id, 'first_values', '', count(*), 0::bigint from (${firstValues(counting)}) r join days d on r.at >= d.starts_at and r.at < d.ends_at group by 1, 2`;
}

/** A referral is written when its sign-up is known, hardly before that was. Who turns out to be the referrer was brought by nobody. */
function signUps({ tx, tenantId, firstAt }: Counting): Fragment {
  return tx.sql`select program_id, referrer_id, signed_up_at as at from referrals where tenant_id = ${tenantId} and acquisition and not self_referral and id >= ${makeId('ref', firstAt - AHEAD_MS, NO_RANDOM)} and signed_up_at >= ${firstAt}`;
}

function firstValues({ tx, tenantId, firstAt }: Counting): Fragment {
  return tx.sql`select program_id, referrer_id, activated_at as at from referrals where tenant_id = ${tenantId} and acquisition and not self_referral and activated_at >= ${firstAt}`;
}

function conversions({ tx, tenantId, firstAt, lastAt }: Counting): Fragment {
  return tx.sql`
    select d.day, r.program_id, 'conversions', p.currency, count(*), sum(p.amount_minor)::bigint
    from referrals r join payments p on p.tenant_id = r.tenant_id and p.member_id = r.referee_id and p.paid_at >= r.signed_up_at
    join days d on p.paid_at >= d.starts_at and p.paid_at < d.ends_at
    where r.tenant_id = ${tenantId} and r.acquisition and not r.self_referral and p.merged_into is null and p.paid_at >= ${firstAt} and p.paid_at < ${lastAt}
    group by 1, 2, 4`;
}

/** What the books say was moved, whatever became of it later. A payout is no program's: what is kept back of it is kept back of all. */
function rewards({ tx, tenantId, firstAt, lastAt }: Counting): Fragment {
  return tx.sql`
    select d.day, w.program_id, x.figure, x.unit, count(*), sum(x.amount_minor)::bigint
    from (
      select t.booked_at, t.reward_id, t.unit, t.amount_minor,
             case when t.move = 'grant' and debit.kind = 'program_budget' then 'rewards_held' when t.move = 'release' then 'rewards_released' when credit.kind = 'cash_out' then 'rewards_paid' end as figure
      from transfers t join accounts debit on debit.id = t.debit_account_id join accounts credit on credit.id = t.credit_account_id
      where t.tenant_id = ${tenantId} and t.booked_at >= ${firstAt} and t.booked_at < ${lastAt}
    ) x left join rewards w on w.tenant_id = ${tenantId} and w.id = x.reward_id
    join days d on x.booked_at >= d.starts_at and x.booked_at < d.ends_at
    where x.figure is not null
    group by 1, 2, 3, 4`;
}

/** From Monday through each day: a member counts from the first day of the week on which there is something of theirs. */
function activeMembers({ tx, tenantId, firstAt, lastAt }: Counting): Fragment {
  return tx.sql`
    select d.day, null::text, 'active_in_week', '', count(s.member_id), 0::bigint
    from days d left join (
      select first.week, a.member_id, min(first.day) as day
      from (
        select e.member_id, e.occurred_at as at from events e
        where e.tenant_id = ${tenantId} and e.member_id is not null and e.received_at >= ${firstAt - AHEAD_MS} and e.occurred_at >= ${firstAt} and e.occurred_at < ${lastAt}
        union all
        select b.member_id, b.created_at from invite_batches b
        where b.tenant_id = ${tenantId} and b.member_id is not null and b.notice is null and b.id >= ${makeId('bat', firstAt - AHEAD_MS, NO_RANDOM)}
          and b.created_at >= ${firstAt} and b.created_at < ${lastAt}
      ) a join days first on a.at >= first.starts_at and a.at < first.ends_at
      group by 1, 2
    ) s on s.week = d.week and s.day <= d.day
    group by 1`;
}
