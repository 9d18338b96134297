-- A cohort's board: one for a run that has one, until its deadline, and who is on it.
alter table decks alter column places type integer;
alter table decks drop constraint decks_places_check;
alter table decks add constraint decks_places_check check (places between 1 and 100000); -- a placement quiz is for a cohort

create table boards (
  tenant_id text not null,
  run_id text not null,
  title text not null check (length(title) between 1 and 200),
  ends_at timestamptz not null,                            -- what happens then or later is too late
  points_per_right integer not null check (points_per_right between 0 and 10000), -- of the placement quiz
  looks integer not null default 0 check (looks >= 0),     -- how often the ranks were noted
  closed_at timestamptz,                                   -- its last look: nothing is scored any more
  created_at timestamptz not null,
  primary key (tenant_id, run_id),
  foreign key (tenant_id, run_id) references runs (tenant_id, id)
);
call protect_tenant_table('boards');
grant select, insert on boards to flywheel_app;
grant update (looks, closed_at) on boards to flywheel_app;

-- Somebody on a board: the sum of what facts said, under a name that was drawn and names nobody.
create table board_entries (
  tenant_id text not null,
  run_id text not null,
  person_id text not null check (person_id ~ '^(mbr|gst)_[0-9a-z]{26}$'),
  name_drawn integer not null check (name_drawn >= 0),     -- which of the made-up names, in any language
  score integer not null check (score between 0 and 2000000000),
  achieved_at timestamptz not null,                        -- when the score became what it is: the order within a tie
  practised_at timestamptz,
  noted_rank integer check (noted_rank > 0),               -- at the last look
  joined_at timestamptz not null,
  primary key (tenant_id, run_id, person_id),
  foreign key (tenant_id, run_id) references boards (tenant_id, run_id)
) with (fillfactor = 80); -- ranks are noted in place
create index board_entries_by_rank on board_entries (tenant_id, run_id, score desc, achieved_at, person_id);
create index board_entries_practising on board_entries (tenant_id, run_id, practised_at);
create index board_entries_of_person on board_entries (tenant_id, person_id);
call protect_tenant_table('board_entries');
grant select, insert, delete on board_entries to flywheel_app;
grant update (score, achieved_at, practised_at, noted_rank) on board_entries to flywheel_app;

-- When somebody was told of having been overtaken; what is older than a day counts no more, and goes.
create table board_nudges (
  tenant_id text not null,
  person_id text not null check (person_id ~ '^mbr_[0-9a-z]{26}$'),
  run_id text not null,
  at timestamptz not null,
  primary key (tenant_id, person_id, run_id, at),
  foreign key (tenant_id, run_id) references boards (tenant_id, run_id)
);
call protect_tenant_table('board_nudges');
grant select, insert, delete on board_nudges to flywheel_app;
