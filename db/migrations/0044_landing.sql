-- What people answer on the landing page of a run's link, by the visit they answered on: each answer of a visit once. Ids and codes, nothing
-- of a person. It goes with the run and the link it belongs to.
create table landing_answers (
  tenant_id text not null references tenants (id),
  touch_id text not null check (touch_id like 'tch\_%'),   -- the visit: touches are partitioned, so no reference
  answer text not null check (answer in ('accept', 'decline', 'stop', 'report')),
  code text not null references links (code) on delete cascade,
  run_id text not null,
  reason text check (reason in ('unknown_sender', 'spam', 'offensive', 'other')), -- of a report
  at timestamptz not null,
  primary key (tenant_id, touch_id, answer),
  foreign key (tenant_id, run_id) references runs (tenant_id, id) on delete cascade,
  check ((answer = 'report') = (reason is not null))
);
create index landing_answers_of_run on landing_answers (tenant_id, run_id, answer);
create index landing_answers_of_link on landing_answers (code, answer);
call protect_tenant_table('landing_answers');
grant select, insert on landing_answers to flywheel_app;

-- As in 0027, and which run a link belongs to: such a link leads to the run's landing page.
create or replace function resolve_links(codes text[], known bigint[])
  returns table (code text, tenant_id text, mark bigint, target text)
  language plpgsql stable security definer set search_path = public, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan
  as $$
begin
  return query
    select f.code, f.tenant_id, f.mark, case when f.mark = any(resolve_links.known) then null else json_build_object(
      'tenantId', f.tenant_id, 'runId', f.run_id, 'destination', f.destination, 'utm', f.utm, 'isRevoked', f.revoked_at is not null,
      'publicUrl', f.public_url, 'linkHosts', f.link_hosts, 'allowedDestinations', f.allowed_destinations)::text end
    from (
      select l.code, l.tenant_id, l.run_id, l.destination, l.utm, l.revoked_at, t.public_url, t.link_hosts, t.allowed_destinations,
        hash_record_extended(row(l.code, l.tenant_id, l.run_id, l.destination, l.utm, l.revoked_at, t.public_url, t.link_hosts, t.allowed_destinations), 0) as mark
      from links l join tenants t on t.id = l.tenant_id
      where l.code = any(resolve_links.codes)
    ) f;
end $$;
