-- Three roles, none with BYPASSRLS: the owner (who runs these migrations), the app (API and
-- worker, one tenant per transaction) and the relay (outbox and due scans of all tenants, no content).
do $$
declare role_name text;
begin
  foreach role_name in array array['flywheel_app', 'flywheel_relay'] loop
    begin
      execute format('create role %I nologin nosuperuser nobypassrls', role_name);
    exception when duplicate_object or unique_violation then null; -- another database of this cluster made it
    end;
    begin
      execute format('grant %I to current_user', role_name); -- so that the owner's login may act as the role
    exception when insufficient_privilege then
      if not pg_has_role(current_user, role_name, 'member') then raise; end if;
    end;
  end loop;
end $$;

grant usage on schema public to flywheel_app, flywheel_relay;

-- The tenant a transaction works for. Wrapped in a sub-select by the policies, it is read once a statement.
create function current_tenant() returns text
  language sql stable parallel safe
  as $$ select nullif(current_setting('flywheel.tenant', true), '') $$;

-- Every table that holds a tenant's rows is protected by this, and a test fails for one that is not.
create procedure protect_tenant_table(target regclass, tenant_column text default 'tenant_id')
  language plpgsql
  as $$
begin
  execute format('alter table %s enable row level security', target);
  execute format('alter table %s force row level security', target);
  execute format(
    'create policy tenant_isolation on %s to flywheel_app using (%I = (select current_tenant())) with check (%I = (select current_tenant()))',
    target, tenant_column, tenant_column);
end $$;
