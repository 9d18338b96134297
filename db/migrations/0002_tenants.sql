-- Tenants and their secret keys. Only the owner makes them; the app reads its own tenant.
create table tenants (
  id text primary key check (id like 'tnt\_%'),
  name text not null check (length(name) between 1 and 120),
  from_address text not null,
  from_name text not null check (length(from_name) between 1 and 120),
  reply_to text,
  postal_address text not null check (length(postal_address) between 8 and 400),
  zone text not null,
  public_url text not null,                       -- where this tenant's links, opt-out and pages are served
  link_hosts text[] not null default '{}',        -- further hosts its short links may be served on
  allowed_destinations text[] not null,           -- hosts a link may lead to
  send_rules jsonb not null,                      -- the tenant layer of the send rules
  rules_version integer not null default 1 check (rules_version > 0),
  sender_shards smallint not null default 1 check (sender_shards between 1 and 64),
  paused_at timestamptz,
  created_at timestamptz not null
);
call protect_tenant_table('tenants', 'id');
grant select on tenants to flywheel_app;
grant update (paused_at, rules_version, send_rules, zone) on tenants to flywheel_app;

create table api_keys (
  id text primary key check (id like 'key\_%'),
  tenant_id text not null references tenants (id),
  name text not null check (length(name) between 1 and 120),
  secret_hash bytea not null unique check (length(secret_hash) = 32),
  created_at timestamptz not null,
  expires_at timestamptz,
  revoked_at timestamptz
);
create index on api_keys (tenant_id);
call protect_tenant_table('api_keys');
grant select on api_keys to flywheel_app;

-- FORCE binds the owner too, who makes tenants and keys and resolves a key before a tenant is known.
create policy owner_makes on tenants to current_user using (true) with check (true);
create policy owner_makes on api_keys to current_user using (true) with check (true);

create function resolve_api_key(secret_hash bytea)
  returns table (key_id text, tenant_id text, expires_at timestamptz, revoked_at timestamptz)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select k.id, k.tenant_id, k.expires_at, k.revoked_at from api_keys k where k.secret_hash = resolve_api_key.secret_hash
  $$;
revoke all on function resolve_api_key from public;
grant execute on function resolve_api_key to flywheel_app;

-- One row a key and tenant: the answer commits with the effect, so a crash leaves nothing behind.
create table idempotency (
  tenant_id text not null references tenants (id),
  key text not null check (length(key) between 1 and 255),
  fingerprint bytea not null check (length(fingerprint) = 32),
  status smallint not null check (status between 200 and 499),
  body text not null,                             -- word for word, so that a repeat gets the same bytes
  created_at timestamptz not null,
  primary key (tenant_id, key)
);
create index on idempotency (created_at);
call protect_tenant_table('idempotency');
grant select, insert, delete on idempotency to flywheel_app;

-- So that /readyz can tell whether the schema is the one this program was written for.
grant select on schema_migrations to flywheel_app;
