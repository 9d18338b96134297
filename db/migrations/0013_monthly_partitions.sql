-- Touches, receipts and decisions by the month (UTC) in which we recorded them. The month is always by our own clock: what an
-- app or a vendor says of its time decides nothing here. A default partition takes what no month is made for, so that a missing
-- month stops neither a click nor a hand-off; it is empty as long as months are made ahead.
do $$
begin
  begin
    create role flywheel_retention nologin nosuperuser nobypassrls;
  exception when duplicate_object or unique_violation then null; -- another database of this cluster made it
  end;
  begin
    grant flywheel_retention to current_user;
  exception when insufficient_privilege then
    if not pg_has_role(current_user, 'flywheel_retention', 'member') then raise; end if;
  end;
end $$;
-- It may execute the functions below and in 0013_retention.sql, and read or write no table.
grant usage on schema public to flywheel_retention;

-- How long a tenant's touches, receipts and decisions are kept.
alter table tenants add retention_months smallint not null default 36 check (retention_months between 1 and 120);
grant update (retention_months) on tenants to flywheel_app;

-- Events outlive touches: a reference would forbid to drop a month. What writes an event has found its touch in the same transaction.
alter table events drop constraint events_touch_id_fkey;

-- FORCE binds the owner, who would find nothing to move.
alter table touches rename to touches_whole;
alter table receipts rename to receipts_whole;
alter table decisions rename to decisions_whole;
alter table touches_whole no force row level security;
alter table receipts_whole no force row level security;
alter table decisions_whole no force row level security;
alter table events no force row level security;

create table touches (
  id text not null check (id like 'tch\_%'),
  tenant_id text not null references tenants (id),
  code text not null references links (code),
  kind text not null check (kind in ('click', 'view')),
  counted boolean not null,
  why_not text check (why_not in ('head', 'prefetch', 'preview', 'bot', 'repeat')),
  visitor_id text,                                    -- this and the next go after 90 days
  ip_hash bytea check (length(ip_hash) = 16),
  agent_class text not null,
  at timestamptz not null,                            -- of a view: when the app says it was
  recorded_at timestamptz not null,                   -- the instant in the id
  check (counted = (why_not is null))
) partition by range (recorded_at);

create table receipts (
  id text not null check (id like 'rcp\_%'),
  tenant_id text not null references tenants (id),
  batch_id text not null,
  n smallint not null,
  step smallint not null,
  kind text not null check (kind in ('handed_off', 'delivered', 'bounced', 'complained')),
  provider_event_id text,
  detail text,
  at timestamptz not null,
  recorded_at timestamptz not null,
  foreign key (batch_id, n) references invites (batch_id, n)
) partition by range (recorded_at);

create table decisions (
  id text not null check (id like 'dec\_%'),
  tenant_id text not null references tenants (id),
  subject_id text not null,                           -- a batch, program, member, tenant, link …
  ns smallint[],
  kind text not null,
  rule text not null,
  inputs jsonb not null,
  actor text not null,                                -- key_…, sender, relay, recipient
  at timestamptz not null
) partition by range (at);

create table touches_default partition of touches default;
create table receipts_default partition of receipts default;
create table decisions_default partition of decisions default;

-- A vendor's event counts once. A unique key of a partitioned table would hold within a month only, so what was seen stands
-- here, for 90 days: longer than any vendor goes on telling.
create table provider_events (
  tenant_id text not null references tenants (id),
  provider_event_id text not null,
  recorded_at timestamptz not null,
  primary key (tenant_id, provider_event_id)
);
insert into provider_events select tenant_id, provider_event_id, recorded_at from receipts_whole where provider_event_id is not null;
create index on provider_events (recorded_at);
call protect_tenant_table('provider_events');
grant select, insert on provider_events to flywheel_app;
create policy relay_purges on provider_events to flywheel_relay using (true);
grant select (recorded_at), delete on provider_events to flywheel_relay;

-- The partitions as the catalogue has them: their bounds count, not their names. `first_at` null: the default one.
create function month_partitions()
  returns table (parent text, key text, leaf text, first_at timestamptz, until_at timestamptz)
  language sql stable set search_path = public, pg_temp
  as $$
    select p.relname::text, a.attname::text, c.relname::text, (b.bounds)[1]::timestamptz, (b.bounds)[2]::timestamptz
    from pg_class p
    join pg_partitioned_table t on t.partrelid = p.oid
    join pg_attribute a on a.attrelid = p.oid and a.attnum = t.partattrs[0]
    join pg_inherits i on i.inhparent = p.oid
    join pg_class c on c.oid = i.inhrelid
    cross join lateral regexp_match(pg_get_expr(c.relpartbound, c.oid), '^FOR VALUES FROM \(''(.+)''\) TO \(''(.+)''\)$') as b (bounds)
    where p.relnamespace = 'public'::regnamespace
    order by 1, 4
  $$;

create function next_month(month timestamptz) returns timestamptz
  language sql immutable as $$ select (month at time zone 'UTC' + interval '1 month') at time zone 'UTC' $$;
create function month_name(parent text, month timestamptz) returns text
  language sql stable as $$ select parent || '_' || to_char(month at time zone 'UTC', 'YYYY_MM') $$;

-- What row-level security says of a table holds for reads through it only: a partition read directly needs it itself.
create procedure protect_partition(parent text, leaf text)
  language plpgsql
  as $$
declare given record;
begin
  call protect_tenant_table(format('public.%I', leaf)::regclass);
  execute format('create policy owner_retains on public.%I to current_user using (true) with check (true)', leaf);
  for given in
    select r.rolname as grantee, acl.privilege_type as verb
    from pg_class c, aclexplode(c.relacl) acl join pg_roles r on r.oid = acl.grantee
    where c.oid = format('public.%I', parent)::regclass and acl.grantee <> c.relowner
  loop
    execute format('grant %s on public.%I to %I', given.verb, leaf, given.grantee);
  end loop;
end $$;

-- Makes what is missing of the months from `first_at` to `last_at`, as `touches_2026_11`; returns the names made. Two that run at
-- once wait for each other. Tables are made and protected first, beside everybody. ATTACH then takes a lock on the parent that no
-- query minds, but others on the referenced tables (no writing) and on the default partition: it may not queue there before the
-- hot path, so after 300 ms it fails (55P03) and is tried again later.
create function make_month_partitions(first_at timestamptz, last_at timestamptz) returns text[]
  language plpgsql security definer set search_path = public, pg_temp set lock_timeout = '10s'
  as $$
declare month timestamptz; part record; strays integer; made text[] := '{}';
begin
  if last_at > first_at + interval '2 years' then
    raise exception 'months are made for two years at most, not from % to %: is a clock wrong?', first_at, last_at;
  end if;
  perform pg_advisory_xact_lock(hashtextextended('flywheel month partitions', 0));
  perform set_config('lock_timeout', '300ms', true);
  for month in
    select m at time zone 'UTC' from generate_series(date_trunc('month', first_at at time zone 'UTC'), last_at at time zone 'UTC', interval '1 month') m
  loop
    for part in
      select p.parent, p.key, p.leaf as rest from month_partitions() p
      where p.first_at is null and not exists (select from month_partitions() m where m.parent = p.parent and m.first_at = month)
    loop
      execute format('select count(*) from (select from %I where %I >= $1 and %2$I < $2 limit 10001) s', part.rest, part.key) into strays using month, next_month(month);
      -- So many would be moved for too long: they stay, and go from there row by row when their time comes.
      continue when strays > 10000;
      made := made || month_name(part.parent, month);
      execute format('create table %I (like %I including all)', month_name(part.parent, month), part.parent);
      call protect_partition(part.parent, month_name(part.parent, month));
    end loop;
  end loop;
  for part in select p.parent, p.key, p.leaf as rest, m.leaf, m.month from month_partitions() p join lateral (
      select leaf, to_date(right(leaf, 7), 'YYYY_MM')::timestamp at time zone 'UTC' as month from unnest(made) leaf where leaf like p.parent || '\_%') m on p.first_at is null
  loop
    execute format('lock table %I in access exclusive mode', part.rest);
    -- Attached empty: the rows of a table that is attached are checked against what row-level security shows the owner of others.
    execute format('create temporary table strays as select * from %I limit 0', part.rest);
    execute format('with moved as (delete from %I where %I >= $1 and %2$I < $2 returning *) insert into pg_temp.strays select * from moved', part.rest, part.key)
      using part.month, next_month(part.month);
    execute format('alter table %I attach partition %I for values from (%L) to (%L)', part.parent, part.leaf, part.month, next_month(part.month));
    execute format('insert into %I select * from pg_temp.strays', part.leaf);
    drop table pg_temp.strays;
  end loop;
  return made;
end $$;
revoke all on function make_month_partitions from public;
grant execute on function make_month_partitions to flywheel_retention;

-- A view was recorded with the event that told of it.
alter table touches_whole add recorded_at timestamptz;
update touches_whole set recorded_at = at where kind = 'click';
update touches_whole t set recorded_at = e.received_at from events e where e.touch_id = t.id and e.type = 'link_viewed' and t.recorded_at is null;
update touches_whole set recorded_at = at where recorded_at is null;

-- A month for each that has rows, then the rows.
do $$
declare month timestamptz;
begin
  for month in
    select distinct date_trunc('month', at at time zone 'UTC') at time zone 'UTC' from (
      select at from decisions_whole union all select recorded_at from receipts_whole union all select recorded_at from touches_whole
    ) rows
  loop
    perform make_month_partitions(month, month);
  end loop;
end $$;
insert into touches
  select id, tenant_id, code, kind, counted, why_not, visitor_id, ip_hash, agent_class, at, recorded_at from touches_whole;
insert into receipts select id, tenant_id, batch_id, n, step, kind, provider_event_id, detail, at, recorded_at from receipts_whole;
insert into decisions select id, tenant_id, subject_id, ns, kind, rule, inputs, actor, at from decisions_whole;
drop table touches_whole, receipts_whole, decisions_whole;
alter table events force row level security;

-- The tenant first, the partition's column within the key. A touch is looked up by its id, which tells its month.
alter table touches add primary key (tenant_id, id, recorded_at);
create index touches_of_link on touches (tenant_id, code, kind, why_not);
-- Was this visitor counted on this link within the last hour? By the cookie, else by the address.
create index touches_of_visitor on touches (code, visitor_id, recorded_at) where counted and visitor_id is not null;
create index touches_of_address on touches (code, ip_hash, recorded_at) where counted and ip_hash is not null;
-- Which of them still say where a visitor came from? By an expression, so that no plan for a click takes it: while a month is new
-- and its statistics are none, it would look as good as those above and be read for all clicks of an hour.
create index touches_with_network_data on touches ((recorded_at at time zone 'UTC')) where visitor_id is not null or ip_hash is not null;
alter table receipts add primary key (tenant_id, recorded_at, id);
create index receipts_of_invite on receipts (tenant_id, batch_id, n);
alter table decisions add primary key (tenant_id, at, id);
create index decisions_about on decisions (tenant_id, subject_id, at, id);

call protect_tenant_table('touches');
call protect_tenant_table('receipts');
call protect_tenant_table('decisions');
grant select, insert on touches, receipts, decisions to flywheel_app;
do $$
declare part record;
begin
  for part in select * from month_partitions() p where p.first_at is null loop
    call protect_partition(part.parent, part.leaf);
  end loop;
  -- The months above were made before there was anything to be granted.
  for part in select * from month_partitions() p where p.first_at is not null loop
    execute format('grant select, insert on %I to flywheel_app', part.leaf);
  end loop;
end $$;

-- As in 0007; the last hour is all of one month or two, so no other partition is looked at. Plans are kept by connections that
-- live for months, and made anew while a month is empty: they must not read it from end to end when it is full.
create or replace function record_touch(
  tenant text, touch_id text, link_code text, not_a_person text, known_visitor text, fresh_visitor text,
  address bytea, agent text, opened_at timestamptz, repeats_since timestamptz
) returns text
  language plpgsql volatile set enable_seqscan = off
  as $$
declare reason text := not_a_person;
begin
  perform set_config('flywheel.tenant', tenant, true);
  if reason is null then
    -- Two openings at one instant: the second waits here, and the look below then sees the first.
    perform pg_advisory_xact_lock(hashtextextended(
      concat_ws(' ', 'touch', link_code, coalesce(known_visitor, concat_ws(' ', coalesce(encode(address, 'hex'), touch_id), agent))), 0));
    -- Other machines' readings of the one clock may run ahead of this one by moments.
    if known_visitor is not null then
      if exists (select 1 from touches t where t.code = link_code and t.visitor_id = known_visitor and t.recorded_at > repeats_since
                   and t.recorded_at < opened_at + interval '1 minute' and t.counted and t.kind = 'click')
        then reason := 'repeat'; end if;
    elsif exists (select 1 from touches t where t.code = link_code and t.ip_hash = address and t.recorded_at > repeats_since
                    and t.recorded_at < opened_at + interval '1 minute' and t.counted and t.kind = 'click' and t.agent_class = agent)
      then reason := 'repeat';
    end if;
  end if;
  insert into touches (id, tenant_id, code, kind, counted, why_not, visitor_id, ip_hash, agent_class, at, recorded_at)
  values (touch_id, tenant, link_code, 'click', reason is null, reason,
          case when reason is null then coalesce(known_visitor, fresh_visitor) else known_visitor end, address, agent, opened_at, opened_at);
  return reason;
end $$;

-- Who gave a page of a story out: noted with its opening.
alter table explain_links add made_by text;
