-- What members see inside the app, and the keys under which a browser may ask for it.

-- A publishable key names its app and opens nothing by itself: the member is known by a token beside it. Which pages may use it is
-- a list of origins; one for development takes http://localhost, too.
alter table api_keys
  add column kind text not null default 'secret' check (kind in ('secret', 'publishable')),
  add column allowed_origins text[] not null default '{}' check (cardinality(allowed_origins) <= 50),
  add column is_development boolean not null default false,
  add check (kind = 'publishable' or (allowed_origins = '{}' and not is_development));

drop function resolve_api_key(bytea);
create function resolve_api_key(secret_hash bytea)
  returns table (key_id text, tenant_id text, expires_at timestamptz, revoked_at timestamptz, tier text, kind text, allowed_origins text[], is_development boolean)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select k.id, k.tenant_id, k.expires_at, k.revoked_at, t.tier, k.kind, k.allowed_origins, k.is_development
    from api_keys k join tenants t on t.id = k.tenant_id where k.secret_hash = resolve_api_key.secret_hash
  $$;
revoke all on function resolve_api_key from public;
grant execute on function resolve_api_key to flywheel_app;

-- A prompt or a notification in a member's feed. It is shown when the app asks; a push beside it leaves at push_at.
create table feed_items (
  id text primary key check (id like 'fee\_%'),
  tenant_id text not null references tenants (id),
  member_id text not null,
  key text not null check (length(key) between 1 and 250),  -- of the business fact it tells of: told once to a member
  kind text not null check (kind in ('prompt', 'notification')),
  topic text not null check (topic ~ '^[a-z][a-z0-9_]{0,39}$'),
  content jsonb not null,                                   -- words, or a notice's kind and values, which are put into words when it is read
  deep_link text check (length(deep_link) between 1 and 2000),
  created_at timestamptz not null,
  visible_from timestamptz not null,
  expires_at timestamptz,
  push_at timestamptz,                                      -- null: no push
  pushed_at timestamptz,
  read_at timestamptz,
  clicked_at timestamptz,
  dismissed_at timestamptz,
  withdrawn_at timestamptz,
  moved_at timestamptz not null,                            -- the last of all these but a push: streams go on from it
  unique (tenant_id, member_id, key),
  foreign key (tenant_id, member_id) references members (tenant_id, id),
  check (expires_at is null or expires_at > visible_from),
  check (pushed_at is null or push_at is not null),
  check (clicked_at is null or read_at is not null)
);
create index feed_items_listed on feed_items (tenant_id, member_id, visible_from, id);
create index feed_items_moved on feed_items (tenant_id, member_id, moved_at);
create index feed_items_to_push on feed_items (tenant_id, push_at) where push_at is not null and pushed_at is null and read_at is null and dismissed_at is null and withdrawn_at is null;
create index on feed_items (created_at);
call protect_tenant_table('feed_items');
grant select, insert on feed_items to flywheel_app;
grant update (push_at, pushed_at, read_at, clicked_at, dismissed_at, withdrawn_at, moved_at) on feed_items to flywheel_app;
create policy relay_purges on feed_items to flywheel_relay using (true);
grant select (created_at), delete on feed_items to flywheel_relay;

-- What a member switched off or on again in the app; '*': all topics. What was said last holds.
create table feed_choices (
  tenant_id text not null,
  member_id text not null,
  topic text not null check (topic ~ '^(\*|[a-z][a-z0-9_]{0,39})$'),
  channel text not null check (channel in ('in_app', 'push')),
  state text not null check (state in ('in', 'out')),
  decided_at timestamptz not null,
  primary key (tenant_id, member_id, topic, channel),
  foreign key (tenant_id, member_id) references members (tenant_id, id)
);
call protect_tenant_table('feed_choices');
grant select, insert on feed_choices to flywheel_app;
grant update (state, decided_at) on feed_choices to flywheel_app;
