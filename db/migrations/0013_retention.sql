-- What is over goes. A tenant's row is over when its whole month (UTC) lies the tenant's term back: never younger than the
-- term, at most a month older. Every function here decides that by itself, from the rows and the tenants' terms; the caller
-- gives the time, and one that leaps is not believed.

-- One row a day on which retention ran.
create table retention_runs (
  day date primary key,
  told_at timestamptz not null,                       -- what time it was told
  finished_at timestamptz
);

-- What it did of each tenant and table on a day: counted in the transaction that did it.
create table retention_reports (
  tenant_id text not null references tenants (id),
  day date not null,
  table_name text not null check (table_name in ('decisions', 'receipts', 'touches')),
  rows_removed bigint not null default 0,
  partitions_dropped integer not null default 0,      -- months that went whole, in which it had rows
  network_data_removed bigint not null default 0,     -- touches that lost visitor and network
  oldest_kept_at timestamptz,
  primary key (tenant_id, day, table_name)
);
call protect_tenant_table('retention_reports');
grant select on retention_reports to flywheel_app;
create policy owner_reports on retention_reports to current_user using (true) with check (true);

-- Before this instant, the first of a month, everything of a tenant with that term is over.
create function retention_cutoff(now_at timestamptz, months integer) returns timestamptz
  language sql immutable parallel safe
  as $$ select (date_trunc('month', now_at at time zone 'UTC') - make_interval(months => months)) at time zone 'UTC' $$;

-- Throws (FW001) when the clock has leapt: more than a week past the last run, or past the last migration where there was none.
-- A database's clock that is wrong by years would otherwise cost everything at once. A week without a run looks the same, so
-- a person has to say that it is right.
create function trust_retention_time(now_at timestamptz) returns void
  language plpgsql
  as $$
declare known_at timestamptz;
begin
  select coalesce(max(told_at), (select max(applied_at) from schema_migrations)) into known_at from retention_runs;
  if now_at > known_at + interval '7 days' then
    raise exception using errcode = 'FW001',
      message = format('retention last ran at %s and is told that it is %s: a clock leapt, or it did not run for a week. Nothing was removed. If the time is right, run as owner: select accept_retention_time(%L)', known_at, now_at, now_at);
  end if;
end $$;

-- For the owner alone: "this time is right".
create function accept_retention_time(now_at timestamptz) returns void
  language sql
  as $$
    insert into retention_runs as run (day, told_at) values ((now_at at time zone 'UTC')::date, now_at)
    on conflict (day) do update set told_at = greatest(run.told_at, excluded.told_at)
  $$;
revoke all on function accept_retention_time from public;

-- `begun`, or `done_before`: the day has its report.
create function begin_retention(now_at timestamptz) returns text
  language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '10s'
  as $$
declare finished timestamptz;
begin
  perform trust_retention_time(now_at);
  insert into retention_runs as run (day, told_at) values ((now_at at time zone 'UTC')::date, now_at)
  on conflict (day) do update set told_at = greatest(run.told_at, excluded.told_at)
  returning finished_at into finished;
  return case when finished is null then 'begun' else 'done_before' end;
end $$;

-- Nulls visitor and network of up to `most` touches older than 90 days; returns how many there were.
create function forget_network_data(now_at timestamptz, report_day date, most integer) returns integer
  language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '10s'
  as $$
declare part record; forgotten integer; total integer := 0; before_at timestamptz := now_at - interval '90 days';
begin
  perform trust_retention_time(now_at);
  for part in select * from month_partitions() p where p.parent = 'touches' and (p.first_at is null or p.first_at < before_at) loop
    execute format($sql$
      with forgotten as (
        update %1$I set visitor_id = null, ip_hash = null where ctid = any (array(
          select l.ctid from %1$I l where l.recorded_at at time zone 'UTC' < $1 at time zone 'UTC' and (l.visitor_id is not null or l.ip_hash is not null)
          order by l.recorded_at at time zone 'UTC' limit $3))
        returning tenant_id
      ), noted as (
        insert into retention_reports as report (tenant_id, day, table_name, network_data_removed)
        select tenant_id, $2, 'touches', count(*) from forgotten group by tenant_id
        on conflict (tenant_id, day, table_name) do update set network_data_removed = report.network_data_removed + excluded.network_data_removed
      )
      select count(*) from forgotten $sql$, part.leaf) into forgotten using before_at, report_day, most - total;
    total := total + forgotten;
    exit when total >= most;
  end loop;
  return total;
end $$;

-- Is anything in this partition that its tenant's term still keeps?
create function keeps_something(leaf text, until_at timestamptz, now_at timestamptz) returns boolean
  language plpgsql stable
  as $$
declare kept boolean;
begin
  execute format('select exists (select from tenants t where retention_cutoff($1, t.retention_months) < $2 and exists (select from %I l where l.tenant_id = t.id))', leaf)
    into kept using now_at, until_at;
  return kept;
end $$;

-- The months in which every tenant's term has passed.
create function months_over(now_at timestamptz) returns setof text
  language sql security definer set search_path = public, pg_temp
  as $$
    select p.leaf from month_partitions() p
    where p.until_at <= retention_cutoff(now_at, 1) and not keeps_something(p.leaf, p.until_at, now_at)
    order by p.first_at, p.leaf
  $$;

-- Drops one month of one table, if it is over for all whose rows it holds: `dropped`, else `not_over` or `unknown`. DROP takes the
-- parent for itself, for which all that is asked of it meanwhile waits: it gets 300 ms to get there (55P03), and the
-- default partition rules out DETACH CONCURRENTLY. What it counts for the report is counted before, beside readers and writers.
create function drop_month_partition(leaf_name text, now_at timestamptz, report_day date) returns text
  language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '10s'
  as $$
declare part record;
begin
  perform trust_retention_time(now_at);
  perform pg_advisory_xact_lock(hashtextextended('flywheel month partitions', 0));
  perform set_config('lock_timeout', '300ms', true);
  select * into part from month_partitions() p where p.leaf = leaf_name and p.first_at is not null;
  if not found then return 'unknown'; end if;
  execute format('lock table %I in share mode', part.leaf); -- nothing more is added to it
  if part.until_at > retention_cutoff(now_at, 1) or keeps_something(part.leaf, part.until_at, now_at) then return 'not_over'; end if;
  execute format($sql$
    insert into retention_reports as report (tenant_id, day, table_name, rows_removed, partitions_dropped)
    select tenant_id, $1, %L, count(*), 1 from %I group by tenant_id
    on conflict (tenant_id, day, table_name) do update
      set rows_removed = report.rows_removed + excluded.rows_removed, partitions_dropped = report.partitions_dropped + 1 $sql$, part.parent, part.leaf)
    using report_day;
  execute format('drop table %I', part.leaf);
  return 'dropped';
end $$;

-- Deletes up to `most` rows that are over, from months that hold what another tenant still keeps; returns how many there were.
create function remove_rows_over(now_at timestamptz, report_day date, most integer) returns integer
  language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '10s'
  as $$
declare part record; removed integer; total integer := 0;
begin
  perform trust_retention_time(now_at);
  for part in select * from month_partitions() p where p.first_at is null or p.until_at <= retention_cutoff(now_at, 1) loop
    -- A look-up a tenant: one that keeps all of the month must not have its rows read through every day.
    execute format($sql$
      with gone as (
        delete from %1$I where ctid = any (array(
          select o.ctid from tenants t
          cross join lateral (
            select l.ctid from %1$I l where l.tenant_id = t.id and l.%2$I < retention_cutoff($1, t.retention_months) limit $3) o
          where $4 is null or $4 <= retention_cutoff($1, t.retention_months)
          limit $3))
        returning tenant_id
      ), noted as (
        insert into retention_reports as report (tenant_id, day, table_name, rows_removed)
        select tenant_id, $2, %3$L, count(*) from gone group by tenant_id
        on conflict (tenant_id, day, table_name) do update set rows_removed = report.rows_removed + excluded.rows_removed
      )
      select count(*) from gone $sql$, part.leaf, part.key, part.parent) into removed using now_at, report_day, most - total, part.until_at;
    total := total + removed;
    exit when total >= most;
  end loop;
  return total;
end $$;

-- Writes every tenant's oldest row into the day's report and closes it; returns the day's sums, and how many rows stand in the
-- default partitions: more than none means that months were not made in time, or that a clock was wrong.
create function finish_retention(now_at timestamptz, report_day date)
  returns table (rows_removed bigint, partitions_dropped bigint, network_data_removed bigint, in_default bigint)
  language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '10s'
  as $$
declare part record; strays bigint; in_all_defaults bigint := 0;
begin
  perform trust_retention_time(now_at);
  insert into retention_reports as report (tenant_id, day, table_name)
  select t.id, report_day, p.parent from tenants t cross join (select distinct m.parent from month_partitions() m) p
  on conflict (tenant_id, day, table_name) do update set oldest_kept_at = null;
  for part in select * from month_partitions() p order by p.parent, p.first_at nulls last loop
    -- The months from the oldest on, each for those of whom no row was found yet; the default partition for all.
    execute format($sql$
      update retention_reports r set oldest_kept_at = least(r.oldest_kept_at, (select min(l.%I) from %I l where l.tenant_id = r.tenant_id))
      where r.day = $1 and r.table_name = $2 and (r.oldest_kept_at is null or $3 is null) $sql$, part.key, part.leaf) using report_day, part.parent, part.first_at;
    if part.first_at is null then
      execute format('select count(*) from %I', part.leaf) into strays;
      in_all_defaults := in_all_defaults + strays;
    end if;
  end loop;
  delete from retention_reports r using tenants t where t.id = r.tenant_id and r.day < retention_cutoff(now_at, t.retention_months)::date;
  update retention_runs set finished_at = now_at where day = report_day and finished_at is null;
  return query
    select coalesce(sum(r.rows_removed), 0)::bigint, coalesce(sum(r.partitions_dropped), 0)::bigint, coalesce(sum(r.network_data_removed), 0)::bigint, in_all_defaults
    from retention_reports r where r.day = report_day;
end $$;

revoke all on function begin_retention, forget_network_data, months_over, drop_month_partition, remove_rows_over, finish_retention from public;
grant execute on function begin_retention, forget_network_data, months_over, drop_month_partition, remove_rows_over, finish_retention to flywheel_retention;
