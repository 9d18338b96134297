-- Streaks. The days on which members practised, the freezes they were given and the pauses are facts; a streak's row is what
-- follows from them, kept so that neither a look nor the sweep for streaks at risk has to read them.
create table streaks (
  tenant_id text not null,
  member_id text not null,
  streak text not null check (streak ~ '^[a-z][a-z0-9_]{0,39}$'),
  current integer not null check (current >= 0),          -- as of the latest practice
  longest integer not null check (longest >= current),
  latest_at timestamptz,                                   -- the latest practice; null: none yet
  latest_zone text,
  latest_day date,
  credited_day date,                                       -- the latest date that counted
  frozen_days date[] not null,                             -- what freezes covered, up to the latest practice
  zone text not null,                                      -- the member's, when the rest was worked out
  freezes_left integer not null check (freezes_left >= 0),
  expires_at timestamptz,                                  -- when it breaks if nothing more happens; null: nothing to break
  day_ends_at timestamptz,                                 -- the end of the day by which the next practice needs no further freeze
  worked_out_at timestamptz not null,
  primary key (tenant_id, member_id, streak),
  foreign key (tenant_id, member_id) references members (tenant_id, id),
  check ((latest_at is null) = (latest_zone is null) and (latest_at is null) = (latest_day is null) and (latest_at is null) = (credited_day is null)),
  check ((expires_at is null) = (day_ends_at is null))
) with (fillfactor = 80);
create index streaks_ending on streaks (tenant_id, expires_at, member_id, streak) where expires_at is not null;
call protect_tenant_table('streaks');
grant select, insert on streaks to flywheel_app;
grant update (current, longest, latest_at, latest_zone, latest_day, credited_day, frozen_days, zone, freezes_left, expires_at, day_ends_at, worked_out_at) on streaks to flywheel_app;

-- When a member practised: a row for each local date in each zone. The date was fixed when it happened.
create table streak_days (
  tenant_id text not null,
  member_id text not null,
  streak text not null check (streak ~ '^[a-z][a-z0-9_]{0,39}$'),
  day date not null,
  zone text not null,
  practised_at timestamptz[] not null,                     -- in order, none twice
  primary key (tenant_id, member_id, streak, day, zone),
  foreign key (tenant_id, member_id) references members (tenant_id, id)
);
call protect_tenant_table('streak_days');
grant select, insert on streak_days to flywheel_app;
grant update (practised_at) on streak_days to flywheel_app;

-- Of a day the first and the last 48 practices are kept: what lies between them decides nothing.
create function ends_of_day(instants timestamptz[]) returns timestamptz[]
  language sql immutable parallel safe
  as $$ select case when cardinality(a.all) <= 96 then a.all else a.all[:48] || a.all[cardinality(a.all) - 47:] end
        from (select array(select distinct i from unnest(instants) i order by i) as all) a $$;

-- Freezes, each grant once by the key of what it is for.
create table streak_grants (
  tenant_id text not null,
  source_key text not null check (length(source_key) between 1 and 400),
  member_id text not null,
  streak text not null check (streak ~ '^[a-z][a-z0-9_]{0,39}$'),
  count integer not null check (count between 1 and 1000),
  given_at timestamptz not null,                           -- it covers no day that had ended by then
  recorded_at timestamptz not null,
  primary key (tenant_id, source_key),
  foreign key (tenant_id, member_id) references members (tenant_id, id)
);
create index streak_grants_of_member on streak_grants (tenant_id, member_id);
call protect_tenant_table('streak_grants');
grant select, insert on streak_grants to flywheel_app;

-- Local dates that cannot be missed: of one member, or of all of a tenant's.
create table streak_pauses (
  tenant_id text not null references tenants (id),
  key text not null,                                       -- whose, from when to when: a pause is there once
  member_id text,                                          -- null: everybody's
  first_day date not null,
  last_day date not null,
  recorded_at timestamptz not null,
  primary key (tenant_id, key),
  foreign key (tenant_id, member_id) references members (tenant_id, id),
  check (last_day >= first_day and last_day < first_day + 366)
);
create index streak_pauses_of_member on streak_pauses (tenant_id, member_id);
call protect_tenant_table('streak_pauses');
grant select, insert on streak_pauses to flywheel_app;
