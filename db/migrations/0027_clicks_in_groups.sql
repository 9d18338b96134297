-- Clicks that arrive together are looked up and committed together. resolve_link and record_touch, which do so for one, stay for
-- processes of the version before, which serve while they are being replaced; both ways take the same locks.

-- Where these codes lead and whose they are; codes that no link has are left out. `mark`: while it is the same, nothing of it has
-- changed. `target`: all that a redirect needs, as JSON, left out where the caller has it already: where its mark is among `known`.
create function resolve_links(codes text[], known bigint[])
  returns table (code text, tenant_id text, mark bigint, target text)
  language plpgsql stable security definer set search_path = public, pg_temp set enable_seqscan = off set plan_cache_mode = force_generic_plan
  as $$
begin
  return query
    select f.code, f.tenant_id, f.mark, case when f.mark = any(resolve_links.known) then null else json_build_object(
      'tenantId', f.tenant_id, 'destination', f.destination, 'utm', f.utm, 'isRevoked', f.revoked_at is not null,
      'publicUrl', f.public_url, 'linkHosts', f.link_hosts, 'allowedDestinations', f.allowed_destinations)::text end
    from (
      select l.code, l.tenant_id, l.destination, l.utm, l.revoked_at, t.public_url, t.link_hosts, t.allowed_destinations,
        hash_record_extended(row(l.code, l.tenant_id, l.destination, l.utm, l.revoked_at, t.public_url, t.link_hosts, t.allowed_destinations), 0) as mark
      from links l join tenants t on t.id = l.tenant_id
      where l.code = any(resolve_links.codes)
    ) f;
end $$;
revoke all on function resolve_links from public;
grant execute on function resolve_links to flywheel_app;

-- The openings of a group in the order in which they came, of any tenants, each with the mark of what its sender knows of the link.
-- Where that still holds the touch is written: `not_counted` says why it does not count, null: it counts. Where it does not, nothing
-- is: `target` and `mark` say what the link is now, both null: there is none.
-- Runs with its caller's rights under row-level security: each tenant's touches are looked for and written by statements that see
-- this tenant alone.
create function record_touches(
  tenants text[], touch_ids text[], link_codes text[], marks bigint[], not_people text[], known_visitors text[], fresh_visitors text[],
  addresses bytea[], agents text[], opened_at timestamptz[], repeats_within interval
) returns table (touch_id text, is_written boolean, not_counted text, mark bigint, target text)
  language plpgsql volatile set enable_seqscan = off set enable_sort = off set plan_cache_mode = force_generic_plan
  as $$
declare
  of_tenant text;
  holds boolean[];
  -- For all of them, so that months that are none of theirs are not opened.
  since timestamptz := (select min(o) from unnest(opened_at) o) - repeats_within;
  -- Other machines' readings of the one clock may run ahead of this one by moments.
  until_at timestamptz := (select max(o) from unnest(opened_at) o) + interval '1 minute';
begin
  -- Two openings of one visitor at one instant: the second waits here, and the look below then sees the first. In one order, so
  -- that two groups never wait for each other.
  perform pg_advisory_xact_lock(l.key) from (
    select distinct hashtextextended(
      concat_ws(' ', 'touch', c.code, coalesce(c.known, concat_ws(' ', coalesce(encode(c.address, 'hex'), c.id), c.agent))), 0) as key
    from unnest(link_codes, touch_ids, not_people, known_visitors, addresses, agents) as c (code, id, not_a_person, known, address, agent)
    where c.not_a_person is null order by 1) l;
  holds := array(
    select r.mark is not null and r.mark = c.mark and r.tenant_id = c.tenant
    from unnest(link_codes, marks, tenants) with ordinality as c (code, mark, tenant, place)
    left join resolve_links(array(select distinct k from unnest(link_codes) k), marks) r on r.code = c.code order by c.place);
  if not (true = all(holds)) then
    return query
      select c.id, false, null::text, r.mark, r.target
      from unnest(touch_ids, link_codes, holds) as c (id, code, holds)
      left join resolve_links(link_codes, '{}') r on r.code = c.code where not c.holds;
  end if;
  for of_tenant in select distinct c.tenant from unnest(tenants, holds) as c (tenant, holds) where c.holds loop
    perform set_config('flywheel.tenant', of_tenant, true);
    return query
      -- In an order, and with sorting dear: while a month is new and has no statistics, the index of all the link's openings would
      -- look as good as those of the visitor's, and be read for each click of a busy link.
      with asked as materialized (
        select c.*, c.not_a_person is null and case when c.known is not null
          then (select true from touches t where t.code = c.code and t.visitor_id = c.known and t.recorded_at > since and t.recorded_at < until_at
                  and t.recorded_at > c.at - repeats_within and t.counted and t.kind = 'click' order by t.recorded_at limit 1) is true
          else (select true from touches t where t.code = c.code and t.ip_hash = c.address and t.recorded_at > since and t.recorded_at < until_at
                  and t.recorded_at > c.at - repeats_within and t.counted and t.kind = 'click' and t.agent_class = c.agent order by t.recorded_at limit 1) is true
          end as was_here
        from unnest(tenants, touch_ids, link_codes, holds, not_people, known_visitors, fresh_visitors, addresses, agents, opened_at) with ordinality
             as c (tenant, id, code, holds, not_a_person, known, fresh, address, agent, at, place)
        where c.tenant = of_tenant and c.holds
      ), judged as (
        select a.*, case when a.not_a_person is not null then a.not_a_person when a.was_here or row_number() over (
          partition by a.code, coalesce(a.known, concat_ws(' ', coalesce(encode(a.address, 'hex'), a.id), a.agent)), a.not_a_person is null, a.was_here order by a.place) > 1
          then 'repeat' end as reason
        from asked a
      )
      insert into touches as written (id, tenant_id, code, kind, counted, why_not, visitor_id, ip_hash, agent_class, at, recorded_at)
      select j.id, j.tenant, j.code, 'click', j.reason is null, j.reason, case when j.reason is null then coalesce(j.known, j.fresh) else j.known end,
             j.address, j.agent, j.at, j.at
      from judged j
      returning written.id, true, written.why_not, null::bigint, null::text;
  end loop;
end $$;
