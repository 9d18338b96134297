-- The Monday report. Figures are rolled up by the calendar day of the tenant's zone, each time anew from the facts: set, never added to.
create table daily_figures (
  tenant_id text not null references tenants (id),
  day date not null,
  program_id text,                                         -- null: of no program, or of the tenant as a whole
  figure text not null check (figure in ('invites', 'clicks', 'sign_ups', 'first_values', 'conversions', 'rewards_held', 'rewards_released', 'rewards_paid', 'active_in_week')),
  unit text not null default '',                           -- of amounts
  count bigint not null check (count >= 0),
  amount_minor bigint not null default 0 check (amount_minor >= 0),
  unique nulls not distinct (tenant_id, day, program_id, figure, unit),
  foreign key (tenant_id, program_id) references programs (tenant_id, id)
);
call protect_tenant_table('daily_figures');
grant select, insert, delete on daily_figures to flywheel_app;

create table daily_referrers (
  tenant_id text not null,
  day date not null,
  member_id text not null,
  sign_ups integer not null check (sign_ups >= 0),
  first_values integer not null check (first_values >= 0),
  primary key (tenant_id, day, member_id),
  foreign key (tenant_id, member_id) references members (tenant_id, id)
);
call protect_tenant_table('daily_referrers');
grant select, insert, delete on daily_referrers to flywheel_app;

-- One report a tenant and ISO week, whatever asks for it. From mailed_at on it stays as it was mailed.
create table weekly_reports (
  tenant_id text not null references tenants (id),
  week text not null check (week ~ '^20\d\d-W[0-5]\d$'),
  report jsonb not null,                                   -- figures, and the tenant's own ids of members; no address, no name
  made_at timestamptz not null,
  mailed_at timestamptz,                                   -- when its mails were put out, once
  primary key (tenant_id, week)
);
call protect_tenant_table('weekly_reports');
grant select, insert on weekly_reports to flywheel_app;
grant update (report, made_at, mailed_at) on weekly_reports to flywheel_app;

-- Who gets it: nobody before they said so themselves, by a link that was mailed to them.
create table report_recipients (
  id text primary key check (id like 'rrc\_%'),
  tenant_id text not null references tenants (id),
  email_hash bytea not null check (length(email_hash) = 16),
  email_sealed bytea not null,
  created_at timestamptz not null,
  confirmed_at timestamptz,
  unsubscribed_at timestamptz,
  unique (tenant_id, email_hash),
  unique (tenant_id, id)
);
call protect_tenant_table('report_recipients');
grant select, insert, delete on report_recipients to flywheel_app;
grant update (email_sealed, confirmed_at, unsubscribed_at) on report_recipients to flywheel_app;

-- One mail a recipient and week (or question whether they want it), ever: claimed before it leaves, recorded after. What was claimed
-- and never recorded is unknown, and is not sent again.
create table report_mails (
  tenant_id text not null,
  recipient_id text not null,
  about text not null check (about = 'confirm' or about ~ '^20\d\d-W[0-5]\d$'), -- confirm: the question; else the week
  state text not null check (state in ('waiting', 'claimed', 'handed_off', 'refused', 'unknown', 'not_sent')),
  reason text check (length(reason) <= 60),
  tries smallint not null default 0 check (tries >= 0),
  due_at timestamptz,                                      -- waiting: when it is tried; claimed: when it is given up as unknown
  expires_at timestamptz not null,
  queued_at timestamptz not null,
  recorded_at timestamptz,
  primary key (tenant_id, recipient_id, about),
  foreign key (tenant_id, recipient_id) references report_recipients (tenant_id, id),
  check ((state in ('waiting', 'claimed')) = (due_at is not null))
);
create index report_mails_due on report_mails (due_at) where due_at is not null;
call protect_tenant_table('report_mails');
grant select, insert, delete on report_mails to flywheel_app;
grant update (state, reason, tries, due_at, expires_at, queued_at, recorded_at) on report_mails to flywheel_app;

-- What the relay, which starts reports, and the run that sends their mails may know of all tenants at once: zones, ids and instants. Zones are judged by our own rules, not
-- by the server's tables.
create policy owner_looks on weekly_reports for select to current_user using (true);
create policy owner_looks on report_mails for select to current_user using (true);
create function report_zones() returns setof text
  language sql stable security definer set search_path = public, pg_temp
  as $$ select distinct t.zone from tenants t order by 1 $$;
-- Tenants that were there when the latest report of their zone fell due, and have not had it.
create function reports_due(zones text[], weeks text[], due_ats timestamptz[], most integer) returns table (tenant_id text, week text)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select t.id, z.week from unnest(zones, weeks, due_ats) as z (zone, week, due_at) join tenants t on t.zone = z.zone
    where t.created_at < z.due_at
      and not exists (select 1 from weekly_reports r where r.tenant_id = t.id and r.week = z.week and r.mailed_at is not null)
    order by z.due_at, t.id limit most
  $$;
create function report_mails_due(at timestamptz, most integer) returns setof text
  language sql stable security definer set search_path = public, pg_temp
  as $$ select m.tenant_id from report_mails m where m.due_at <= report_mails_due.at group by m.tenant_id order by min(m.due_at), m.tenant_id limit most $$;
revoke all on function report_zones, reports_due, report_mails_due from public;
grant execute on function report_zones, reports_due to flywheel_relay;
grant execute on function report_mails_due to flywheel_app;
