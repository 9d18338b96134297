-- What friends play: a deck of questions for each run that has one, and what was answered. Which choices are right is sealed:
-- answers are judged here alone, and no page can tell.
create table decks (
  tenant_id text not null,
  run_id text not null,
  title text check (length(title) between 1 and 100),
  subject text check (length(subject) between 1 and 100),
  questions jsonb not null,                                -- 3 to 10: `[{"text": …, "choices": […]}]`
  answers_sealed bytea not null,                           -- a JSON list: of each question which choice is right
  places smallint not null check (places between 1 and 100), -- how many may play
  rounds smallint not null check (rounds in (1, 2)),       -- 2: each may play once more
  score_to_beat smallint check (score_to_beat between 0 and 10), -- of the member who asks; null: there is none
  ends_at timestamptz not null,                            -- answers that come then or later are too late
  created_at timestamptz not null,
  primary key (tenant_id, run_id),
  foreign key (tenant_id, run_id) references runs (tenant_id, id)
);
call protect_tenant_table('decks');
grant select, insert on decks to flywheel_app;

-- One answer to a question, the first one: it stays.
create table plays (
  tenant_id text not null,
  run_id text not null,
  person_id text not null check (person_id ~ '^(mbr|gst)_[0-9a-z]{26}$'),
  round smallint not null check (round in (1, 2)),
  n smallint not null check (n between 0 and 9),           -- which question, from 0
  choice smallint not null check (choice between 0 and 5),
  is_right boolean not null,
  at timestamptz not null,
  primary key (tenant_id, run_id, person_id, round, n),
  foreign key (tenant_id, run_id) references decks (tenant_id, run_id)
);
call protect_tenant_table('plays');
grant select, insert on plays to flywheel_app;

-- The visit by which a guest came, to be named when the guest goes on to sign up.
alter table guests add column touch_id text;
