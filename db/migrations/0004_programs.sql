-- A program is a standing offer. Terms are kept by version: what a batch pins (copy, steps, expiry) is read
-- from its version, what is never pinned (send rules, caps) from the current one.
create table programs (
  id text primary key check (id like 'prg\_%'),
  tenant_id text not null references tenants (id),
  loop text not null,
  title text not null check (length(title) between 1 and 120),
  channel text not null check (channel in ('email')),
  version integer not null default 1 check (version > 0),
  rules_version integer not null default 1 check (rules_version > 0),
  paused_at timestamptz,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (tenant_id, id)
);
call protect_tenant_table('programs');
grant select, insert, update on programs to flywheel_app;

create table program_versions (
  program_id text not null,
  version integer not null check (version > 0),
  tenant_id text not null references tenants (id),
  title text not null,
  terms jsonb not null,
  created_at timestamptz not null,
  primary key (program_id, version),
  foreign key (tenant_id, program_id) references programs (tenant_id, id)
);
call protect_tenant_table('program_versions');
grant select, insert on program_versions to flywheel_app;

-- What stops everything of a channel before the next hand-off.
create table hard_stops (
  tenant_id text not null references tenants (id),
  channel text not null check (channel in ('email')),
  reason text not null check (length(reason) between 1 and 300),
  since timestamptz not null,
  primary key (tenant_id, channel)
);
call protect_tenant_table('hard_stops');
grant select, insert, update, delete on hard_stops to flywheel_app;
