-- The logins, made once by a superuser in the database that is to be Flywheel's, before its first migration:
--
--   PGOPTIONS='-c logins.owner=… -c logins.api=… -c logins.worker=… -c logins.relay=…' psql --set ON_ERROR_STOP=1 --file db/logins.sql postgres://postgres@host/flywheel
--
-- flywheel_owner owns the database and runs the migrations; API, worker and relay each have a login that may act as the
-- roles it needs and as nothing else. With `-c logins.temporal=…` there is one for Temporal's own databases, too, which has
-- no way into this one. Run again with other passwords, it changes them.
do $$
declare
  login record;
begin
  perform pg_advisory_xact_lock(7304221109);
  for login in
    select * from (values
      ('flywheel_owner', current_setting('logins.owner'), 'createrole'),
      ('flywheel_api', current_setting('logins.api'), ''),
      ('flywheel_worker', current_setting('logins.worker'), ''),
      ('flywheel_outbox', current_setting('logins.relay'), ''),
      ('temporal', current_setting('logins.temporal', true), 'createdb')
    ) as wanted (name, password, rights) where password is not null
  loop
    if length(login.password) < 16 then
      raise exception 'the password of % has fewer than 16 characters; make one with: openssl rand -hex 24', login.name;
    end if;
    if not exists (select from pg_roles where rolname = login.name) then
      execute format('create role %I', login.name);
    end if;
    execute format('alter role %I login nosuperuser nobypassrls %s password %L', login.name, login.rights, login.password);
  end loop;

  -- What the migrations find rather than make must be theirs to hand on.
  for login in
    select * from (values
      ('flywheel_app', 'flywheel_api'),
      ('flywheel_app', 'flywheel_worker'),
      ('flywheel_retention', 'flywheel_worker'),
      ('flywheel_relay', 'flywheel_outbox')
    ) as pair (role, name)
  loop
    if not exists (select from pg_roles where rolname = login.role) then
      execute format('create role %I nologin nosuperuser nobypassrls', login.role);
    end if;
    execute format('grant %I to flywheel_owner with admin option', login.role);
    execute format('grant %I to %I', login.role, login.name);
  end loop;

  execute format('alter database %I owner to flywheel_owner', current_database());
  execute format('revoke all on database %I from public', current_database());
  execute format('grant connect on database %I to flywheel_api, flywheel_worker, flywheel_outbox, flywheel_app, flywheel_relay, flywheel_retention', current_database());
end $$;
