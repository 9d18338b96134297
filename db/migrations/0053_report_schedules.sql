-- The Schedule of each tenant's Monday report, as Temporal was told to keep it. A row stands before its Schedule is made and until it is removed, so that none is left behind.
create table report_schedules (
  tenant_id text primary key references tenants (id),
  zone text,                        -- in which it was set to fire; null: it is being set, or was lost
  look_at timestamptz not null,     -- when it is set again whatever is known of it
  held_until timestamptz            -- an operator has paused it, and a report of theirs is late: not asked again before
);
call protect_tenant_table('report_schedules');
create policy relay_keeps on report_schedules to flywheel_relay using (true);
create policy owner_looks on report_schedules for select to current_user using (true);
grant select, insert (tenant_id, look_at), update (zone, look_at, held_until), delete on report_schedules to flywheel_relay;

-- Whether a tenant's report has a reader, and no more of them.
create policy relay_scans on report_recipients for select to flywheel_relay using (true);
grant select (tenant_id, confirmed_at, unsubscribed_at) on report_recipients to flywheel_relay;
grant select (zone) on tenants to flywheel_relay;

-- What has a Schedule is due to it first, and to the relay when it is overdue.
drop function reports_due(text[], text[], timestamptz[], integer);
create function reports_due(zones text[], weeks text[], due_ats timestamptz[], at timestamptz, overdue_since timestamptz, most integer)
  returns table (tenant_id text, week text, mails boolean, overdue boolean)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select due.tenant_id, due.week, due.mails, due.overdue from (
      select t.id as tenant_id, z.week, true as mails, s.tenant_id is not null as overdue, z.due_at
      from unnest(zones, weeks, due_ats) as z (zone, week, due_at) join tenants t on t.zone = z.zone left join report_schedules s on s.tenant_id = t.id
      where t.created_at < z.due_at
        and (s.tenant_id is null or (z.due_at <= overdue_since and (s.held_until is null or s.held_until <= reports_due.at)))
        and not exists (select 1 from weekly_reports r where r.tenant_id = t.id and r.week = z.week and r.mailed_at is not null)
      union all
      select t.id, a.week, false, false, null from tenants t cross join lateral unnest(t.reports_asked) as a (week) where t.reports_asked <> '{}'
    ) as due
    order by due.due_at nulls last, due.tenant_id, due.week limit most
  $$;
revoke all on function reports_due from public;
grant execute on function reports_due to flywheel_relay;
