-- Short links: what an invite's mail carries, and what an app makes for any of its resources.
create table links (
  code text primary key check (length(code) between 10 and 20),
  tenant_id text not null references tenants (id),
  kind text not null check (kind in ('invite', 'share')),
  batch_id text,
  n smallint,
  member_id text,
  resource text,
  destination text not null,
  utm jsonb not null default '{}',
  created_at timestamptz not null,
  revoked_at timestamptz,
  foreign key (batch_id, n) references invites (batch_id, n),
  foreign key (tenant_id, member_id) references members (tenant_id, id),
  check ((kind = 'invite') = (batch_id is not null and n is not null))
);
create unique index links_of_invite on links (batch_id, n) where batch_id is not null;
-- Lists show share links; an invite's link is found by its invite and costs the sender no further index.
create index links_shared on links (tenant_id, created_at, code) where kind = 'share';
create index links_shared_by_member on links (tenant_id, member_id, created_at, code) where kind = 'share' and member_id is not null;
create index links_shared_of_resource on links (tenant_id, resource, created_at, code) where kind = 'share' and resource is not null;
call protect_tenant_table('links');
grant select, insert on links to flywheel_app;
grant update (revoked_at) on links to flywheel_app;
create policy owner_resolves on links for select to current_user using (true);

-- All that a redirect needs, in one look-up, before it is known whose link it is.
create function resolve_link(code text)
  returns table (tenant_id text, destination text, utm jsonb, revoked_at timestamptz, public_url text, link_hosts text[], allowed_destinations text[])
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select l.tenant_id, l.destination, l.utm, l.revoked_at, t.public_url, t.link_hosts, t.allowed_destinations
    from links l join tenants t on t.id = l.tenant_id
    where l.code = resolve_link.code
  $$;
revoke all on function resolve_link from public;
grant execute on function resolve_link to flywheel_app;

-- One visit. Kept even when it does not count: scanners, previews and repeats are told apart, not thrown away.
create table touches (
  id text primary key check (id like 'tch\_%'),
  tenant_id text not null references tenants (id),
  code text not null references links (code),
  kind text not null check (kind in ('click', 'view')),
  counted boolean not null,
  why_not text check (why_not in ('head', 'prefetch', 'preview', 'bot', 'repeat')),
  visitor_id text,
  ip_hash bytea check (length(ip_hash) = 16),
  agent_class text not null,
  at timestamptz not null,
  check (counted = (why_not is null))
);
create index touches_of_link on touches (tenant_id, code, kind, why_not);
-- Was this visitor counted on this link within the last hour? By the cookie, else by the address.
create index touches_of_visitor on touches (code, visitor_id, at) where counted and visitor_id is not null;
create index touches_of_address on touches (code, ip_hash, at) where counted and ip_hash is not null;
call protect_tenant_table('touches');
grant select, insert on touches to flywheel_app;

-- One opening of a link in one round trip: a third of what a transaction of single statements costs, and people wait
-- for it. Runs with its caller's rights, under row-level security. Returns why it does not count; null: it counts.
create function record_touch(
  tenant text, touch_id text, link_code text, not_a_person text, known_visitor text, fresh_visitor text,
  address bytea, agent text, opened_at timestamptz, repeats_since timestamptz
) returns text
  language plpgsql volatile
  as $$
declare reason text := not_a_person;
begin
  perform set_config('flywheel.tenant', tenant, true);
  if reason is null then
    -- Two openings at one instant: the second waits here, and the look below then sees the first.
    perform pg_advisory_xact_lock(hashtextextended(
      concat_ws(' ', 'touch', link_code, coalesce(known_visitor, concat_ws(' ', coalesce(encode(address, 'hex'), touch_id), agent))), 0));
    if known_visitor is not null then
      if exists (select 1 from touches t where t.code = link_code and t.visitor_id = known_visitor and t.at > repeats_since and t.counted and t.kind = 'click')
        then reason := 'repeat'; end if;
    elsif exists (select 1 from touches t where t.code = link_code and t.ip_hash = address and t.at > repeats_since and t.counted and t.kind = 'click' and t.agent_class = agent)
      then reason := 'repeat';
    end if;
  end if;
  insert into touches (id, tenant_id, code, kind, counted, why_not, visitor_id, ip_hash, agent_class, at)
  values (touch_id, tenant, link_code, 'click', reason is null, reason,
          case when reason is null then coalesce(known_visitor, fresh_visitor) else known_visitor end, address, agent, opened_at);
  return reason;
end $$;

-- Facts an app tells us, each once by its own id.
create table events (
  tenant_id text not null references tenants (id),
  event_id text not null check (length(event_id) between 1 and 200),
  type text not null,
  member_id text,
  touch_id text references touches (id),
  code text references links (code),
  properties jsonb not null default '{}',
  occurred_at timestamptz not null,
  received_at timestamptz not null,
  primary key (tenant_id, event_id),
  foreign key (tenant_id, member_id) references members (tenant_id, id)
);
create index on events (tenant_id, member_id, occurred_at);
create index on events (tenant_id, received_at, event_id);
call protect_tenant_table('events');
grant select, insert on events to flywheel_app;

-- The page that explains one invite to ops opens once, by a token of which only the hash is kept.
create table explain_links (
  token_hash bytea primary key check (length(token_hash) = 32),
  tenant_id text not null references tenants (id),
  batch_id text not null,
  n smallint not null,
  expires_at timestamptz not null,
  opened_at timestamptz,
  foreign key (batch_id, n) references invites (batch_id, n)
);
call protect_tenant_table('explain_links');
grant select, insert, update on explain_links to flywheel_app;
