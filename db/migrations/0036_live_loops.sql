-- Loops with a life of their own, started for a member: who is in a run, what of theirs it hears, and by which link others come to it.
alter table runs
  add column program_id text,                              -- null: the life of something that has a program of its own
  add column program_version integer,                      -- its terms, pinned when the run began
  add column member_id text,                               -- for whom it was started
  add column subject text check (length(subject) between 1 and 200), -- the app's name for the occasion: an exam, a quote, a streak's day
  add foreign key (tenant_id, program_id) references programs (tenant_id, id),
  add foreign key (program_id, program_version) references program_versions (program_id, version),
  add foreign key (tenant_id, member_id) references members (tenant_id, id),
  add check ((program_id is null) = (program_version is null)),
  add check (subject is null or (program_id is not null and member_id is not null));
create unique index runs_of_subject on runs (tenant_id, program_id, member_id, subject) where subject is not null; -- one run an occasion, whoever asks again
create index runs_open_live on runs (tenant_id) where program_id is not null and closed_at is null; -- is there any at all?
create index runs_of_member on runs (tenant_id, member_id, opened_at) where member_id is not null;

-- Somebody who plays before signing up: known by a token alone, joined to a member by the sign-up that carries it.
create table guests (
  id text primary key check (id like 'gst\_%'),
  tenant_id text not null references tenants (id),
  token_hash bytea not null unique check (length(token_hash) = 32),
  run_id text not null,                                    -- where the guest came in
  link_code text references links (code),                  -- by which link
  member_id text,
  created_at timestamptz not null,
  joined_at timestamptz,
  unique (tenant_id, id),
  foreign key (tenant_id, run_id) references runs (tenant_id, id),
  foreign key (tenant_id, member_id) references members (tenant_id, id),
  check ((member_id is null) = (joined_at is null))
);
create index guests_of_member on guests (tenant_id, member_id) where member_id is not null;
create index guests_of_run on guests (tenant_id, run_id);
call protect_tenant_table('guests');
grant select, insert on guests to flywheel_app;
grant update (member_id, joined_at) on guests to flywheel_app;

-- Who is in a run, and which of their facts it hears: `{"exam_completed": "member_finished"}`, an event's type to the run's fact.
create table run_people (
  tenant_id text not null,
  run_id text not null,
  person_id text not null check (person_id ~ '^(mbr|gst)_[0-9a-z]{26}$'),
  role text not null check (role ~ '^[a-z][a-z0-9_]{0,29}$'),
  hears jsonb not null default '{}',
  joined_at timestamptz not null,
  primary key (tenant_id, run_id, person_id),
  foreign key (tenant_id, run_id) references runs (tenant_id, id)
);
create index run_people_of_person on run_people (tenant_id, person_id);
call protect_tenant_table('run_people');
grant select, insert, delete on run_people to flywheel_app;
grant update (role, hears) on run_people to flywheel_app;

-- A run's link leads to its landing page, `/i/{code}`.
alter table links add column run_id text, add foreign key (tenant_id, run_id) references runs (tenant_id, id);
create index links_of_run on links (tenant_id, run_id) where run_id is not null;

-- A run's message, one batch a recipient, or its invites: which step of which run it is. What becomes of it is told to the run.
alter table invite_batches
  add column run_id text,
  add column run_step text check (run_step ~ '^[a-z][a-z0-9_]{0,39}$'),
  add foreign key (tenant_id, run_id) references runs (tenant_id, id),
  add check ((run_id is null) = (run_step is null));
create index invite_batches_of_run on invite_batches (tenant_id, run_id, run_step) where run_id is not null;

-- What a run grants belongs to no referral.
alter table rewards add column run_id text, add foreign key (tenant_id, run_id) references runs (tenant_id, id);
create index rewards_of_run on rewards (run_id) where run_id is not null;
alter table reward_refusals add column run_id text, add foreign key (tenant_id, run_id) references runs (tenant_id, id);
create index reward_refusals_of_run on reward_refusals (run_id) where run_id is not null;
alter table rewards add check (run_id is null or referral_id is null);
