-- Rate limits. What a tenant may ask for follows from its tier; the numbers are the program's (src/domain/limits/tiers.ts).
-- Only the owner sets it: the app has no right to.
alter table tenants add column tier text not null default 'scale' check (tier in ('free', 'growth', 'scale', 'unlimited'));

-- Whose key it is, until when it opens, and on which tier: one look a request.
drop function resolve_api_key(bytea);
create function resolve_api_key(secret_hash bytea)
  returns table (key_id text, tenant_id text, expires_at timestamptz, revoked_at timestamptz, tier text)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select k.id, k.tenant_id, k.expires_at, k.revoked_at, t.tier
    from api_keys k join tenants t on t.id = k.tenant_id where k.secret_hash = resolve_api_key.secret_hash
  $$;
revoke all on function resolve_api_key from public;
grant execute on function resolve_api_key to flywheel_app;

-- The buckets all processes share: one instant each, when it is full again, in microseconds since 1970. A bucket that is full
-- need not be there, so the relay removes it. The scope_hash is a keyed hash of rule and caller (key, tenant, network, recipient):
-- no address and no id stands here, and no row is a tenant's.
-- UNLOGGED: a lease waits for no disk (a transaction that writes nothing else commits without a flush) and costs no WAL. After
-- a crash of the server the table is empty, so all buckets begin full: once more a burst, and nobody is shut out.
create unlogged table rate_buckets (
  scope_hash bytea primary key check (length(scope_hash) = 16),
  full_at_us bigint not null
) with (fillfactor = 50);
grant select (full_at_us), delete on rate_buckets to flywheel_relay;

-- Takes units out of several buckets: for each `granted` (0: refused) and when it is full again. The same arithmetic as
-- takeUnits in src/domain/limits/rate-rule.ts; a test compares them. Scopes must be sorted, so that two processes never wait for each other
-- in a ring. The app may call this and nothing else: it cannot read, refill or empty a bucket.
create function take_rate_units(scopes bytea[], spacings_us bigint[], bursts bigint[], needs bigint[], wants bigint[], at_us bigint)
  returns table (granted bigint, full_at_us bigint)
  language plpgsql security definer set search_path = public, pg_temp
  as $$
declare
  held bigint;
  free bigint;
begin
  for i in 1 .. cardinality(scopes) loop
    -- Most who come have not been here for a while: a bucket that is not there is full.
    granted := case when needs[i] > bursts[i] then needs[i] else least(greatest(wants[i], needs[i]), bursts[i]) end;
    full_at_us := at_us + granted * spacings_us[i];
    insert into rate_buckets as b (scope_hash, full_at_us) values (scopes[i], take_rate_units.full_at_us) on conflict (scope_hash) do nothing;
    if not found then
      -- A bucket that is full again may go at any moment (the relay removes it): then it is as full as before.
      select b.full_at_us into held from rate_buckets b where b.scope_hash = scopes[i] for no key update;
      held := coalesce(held, at_us);
      free := (bursts[i] * spacings_us[i] - greatest(held - at_us, 0)) / spacings_us[i];
      granted := case
        when needs[i] > bursts[i] then case when held <= at_us then needs[i] else 0 end
        when free >= needs[i] then least(greatest(wants[i], needs[i]), free)
        else 0 end;
      full_at_us := held;
      if granted > 0 then
        insert into rate_buckets as b (scope_hash, full_at_us) values (scopes[i], at_us + granted * spacings_us[i])
          on conflict (scope_hash) do update set full_at_us = greatest(b.full_at_us, at_us) + granted * spacings_us[i]
          returning b.full_at_us into full_at_us;
      end if;
    end if;
    return next;
  end loop;
end $$;
revoke all on function take_rate_units from public;
grant execute on function take_rate_units to flywheel_app;
