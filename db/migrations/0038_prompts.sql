-- What members were offered, and what they did with it. Decided without Temporal: an app asks and shows.
alter table members add column parent_allows boolean not null default false; -- of a minor: a parent has allowed what needs it

create table prompts (
  id text primary key check (id like 'prm\_%'),
  tenant_id text not null references tenants (id),
  member_id text not null,
  program_id text not null,
  program_version integer not null,
  moment text not null check (length(moment) between 1 and 60),
  moment_id text not null check (length(moment_id) between 1 and 200), -- the app's id of the moment: asked again, the same answer
  variant text not null check (length(variant) between 1 and 60),
  words jsonb not null,                                    -- as they were given out; nothing of a person
  decided_at timestamptz not null,
  expires_at timestamptz not null,
  shown_at timestamptz,
  accepted_at timestamptz,
  dismissed_at timestamptz,
  rating smallint check (rating between 1 and 5),          -- the one-tap answer to "was this helpful?"
  rated_at timestamptz,
  unique (tenant_id, id),
  unique (tenant_id, member_id, moment, moment_id),
  foreign key (tenant_id, member_id) references members (tenant_id, id),
  foreign key (tenant_id, program_id) references programs (tenant_id, id),
  foreign key (program_id, program_version) references program_versions (program_id, version),
  check ((rating is null) = (rated_at is null)),
  check (accepted_at is null or dismissed_at is null)
);
create index prompts_of_member on prompts (tenant_id, member_id, decided_at);
create index prompts_of_program on prompts (tenant_id, program_id, decided_at);
call protect_tenant_table('prompts');
grant select, insert on prompts to flywheel_app;
grant update (shown_at, accepted_at, dismissed_at, rating, rated_at) on prompts to flywheel_app;
create policy relay_purges on prompts to flywheel_relay using (true);
grant select (id), delete on prompts to flywheel_relay;

-- How often members are asked; a tenant without a row has the standard.
create table prompt_settings (
  tenant_id text primary key references tenants (id),
  per_hour smallint not null check (per_hour between 0 and 20),
  per_day smallint not null check (per_day between 0 and 100),
  stop_after_ignored smallint not null check (stop_after_ignored between 1 and 50),
  rest_days smallint not null check (rest_days between 1 and 90),
  cooling_hours smallint not null check (cooling_hours between 0 and 720),
  changed_at timestamptz not null
);
call protect_tenant_table('prompt_settings');
grant select, insert on prompt_settings to flywheel_app;
grant update (per_hour, per_day, stop_after_ignored, rest_days, cooling_hours, changed_at) on prompt_settings to flywheel_app;
