-- What is kept whole, not by the month, goes after the tenant's term, too: what closed runs were told, the numbers of webhooks about
-- referrals that are over, imports that ended. A run that begins again reads nothing that an ended life was told.
alter table retention_reports drop constraint retention_reports_table_name_check;
alter table retention_reports add constraint retention_reports_table_name_check
  check (table_name in ('decisions', 'imports', 'receipts', 'run_facts', 'touches', 'webhook_sequences'));

create index run_facts_by_time on run_facts using brin (recorded_at); -- costs a fact next to nothing; a day's run reads the oldest alone

-- FORCE binds the owner, as whom the function below runs: it looks at these, and removes from three of them.
create policy owner_retains on run_facts to current_user using (true) with check (false);
create policy owner_retains on webhook_sequences to current_user using (true) with check (false);
create policy owner_retains on imports to current_user using (true) with check (false);
create policy owner_looks on runs for select to current_user using (true);
create policy owner_looks on referrals for select to current_user using (true);

-- Called by what takes its name, as the owner.
alter function remove_rows_over(timestamptz, date, integer) rename to remove_month_rows_over;
alter function remove_month_rows_over security invoker;
revoke execute on function remove_month_rows_over from flywheel_retention;

-- Deletes up to `most` records that are over; returns how many there were.
create function remove_records_over(now_at timestamptz, report_day date, most integer) returns integer
  language plpgsql set search_path = public, pg_temp set lock_timeout = '10s'
  as $$
declare removed integer; total integer := 0; first_cutoff timestamptz := retention_cutoff(now_at, (select min(retention_months) from tenants));
begin
  perform trust_retention_time(now_at);
  with gone as (
    delete from run_facts where ctid = any (array(
      select f.ctid from run_facts f
      join tenants t on t.id = f.tenant_id
      join runs r on r.tenant_id = f.tenant_id and r.id = f.run_id
      where f.recorded_at < first_cutoff and f.recorded_at < retention_cutoff(now_at, t.retention_months) and r.closed_at < retention_cutoff(now_at, t.retention_months)
      limit most))
    returning tenant_id
  ), noted as (
    insert into retention_reports as report (tenant_id, day, table_name, rows_removed)
    select tenant_id, report_day, 'run_facts', count(*) from gone group by tenant_id
    on conflict (tenant_id, day, table_name) do update set rows_removed = report.rows_removed + excluded.rows_removed
  )
  select count(*) from gone into removed;
  total := total + removed;

  -- A referral whose run is open, or closed a short while ago, may be told of still: its numbers go on.
  with gone as (
    delete from webhook_sequences where ctid = any (array(
      select s.ctid from referrals f
      join tenants t on t.id = f.tenant_id
      join webhook_sequences s on s.tenant_id = f.tenant_id and s.subject_id = f.id
      where f.moved_at < retention_cutoff(now_at, t.retention_months)
        and not exists (select from runs r where r.tenant_id = f.tenant_id and r.id = f.id and (r.closed_at is null or r.closed_at >= retention_cutoff(now_at, t.retention_months)))
      limit most - total))
    returning tenant_id
  ), noted as (
    insert into retention_reports as report (tenant_id, day, table_name, rows_removed)
    select tenant_id, report_day, 'webhook_sequences', count(*) from gone group by tenant_id
    on conflict (tenant_id, day, table_name) do update set rows_removed = report.rows_removed + excluded.rows_removed
  )
  select count(*) from gone into removed;
  total := total + removed;

  -- Their rows went a week after their end.
  with gone as (
    delete from imports where ctid = any (array(
      select i.ctid from imports i join tenants t on t.id = i.tenant_id
      where i.finished_at < first_cutoff and i.finished_at < retention_cutoff(now_at, t.retention_months)
      limit most - total))
    returning tenant_id
  ), noted as (
    insert into retention_reports as report (tenant_id, day, table_name, rows_removed)
    select tenant_id, report_day, 'imports', count(*) from gone group by tenant_id
    on conflict (tenant_id, day, table_name) do update set rows_removed = report.rows_removed + excluded.rows_removed
  )
  select count(*) from gone into removed;
  return total + removed;
end $$;

-- Deletes up to `most` rows that are over, from months that hold what another tenant still keeps and of records; returns how many there were.
create function remove_rows_over(now_at timestamptz, report_day date, most integer) returns integer
  language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '10s'
  as $$
declare total integer := remove_month_rows_over(now_at, report_day, most);
begin
  return total + case when total < most then remove_records_over(now_at, report_day, most - total) else 0 end;
end $$;
revoke all on function remove_rows_over, remove_records_over, remove_month_rows_over from public;
grant execute on function remove_rows_over to flywheel_retention;
