-- A run is one life of a loop: one workflow in Temporal, one row here. The row is the truth about whether it is open; its generation
-- grows when a life begins again: because Temporal lost it, or because something happened after its end.
create table runs (
  tenant_id text not null references tenants (id),
  id text not null check (id ~ '^[a-z]{3}_[0-9a-z]{26}$'), -- of what it is the life of
  loop text not null,
  generation integer not null default 1 check (generation > 0),
  input jsonb not null default '{}',                       -- ids, terms, instants; nothing of a person
  stage text not null,
  due_at timestamptz,                                      -- its next deadline, as it said last; null: it waits for facts alone
  cap_at timestamptz,                                      -- shortened: no deadline is later
  paused_at timestamptz,                                   -- holds effects, never deadlines
  outcome text,
  reason text,
  opened_at timestamptz not null,
  moved_at timestamptz not null,
  seen_at timestamptz not null,                            -- when its workflow was last known to live
  closed_at timestamptz,
  primary key (tenant_id, id),
  check ((closed_at is null) = (outcome is null))
);
create index runs_open on runs (seen_at) where closed_at is null;
create index runs_due on runs (due_at) where closed_at is null;
create index runs_listed on runs (tenant_id, loop, opened_at, id);
call protect_tenant_table('runs');
grant select, insert on runs to flywheel_app;
grant update (generation, input, stage, due_at, cap_at, paused_at, outcome, reason, opened_at, moved_at, seen_at, closed_at) on runs to flywheel_app;

-- What a run was told, each once by its own id: ids and figures, nothing of a person. Kept while it may begin again.
create table run_facts (
  tenant_id text not null,
  run_id text not null,
  fact_id text not null check (length(fact_id) between 1 and 250),
  kind text not null check (length(kind) between 1 and 60),
  data jsonb not null default '{}',
  at timestamptz not null,                                 -- when it happened: it counts by this
  recorded_at timestamptz not null,
  primary key (run_id, fact_id),
  foreign key (tenant_id, run_id) references runs (tenant_id, id)
);
call protect_tenant_table('run_facts');
grant select, insert on run_facts to flywheel_app;

-- start_run, tell_run: lane is the run's id; a run's rows go in order.
alter table outbox drop constraint outbox_kind_check;
alter table outbox add constraint outbox_kind_check check (kind in ('nudge', 'start_import', 'start_run', 'tell_run'));
alter table outbox add column payload jsonb, add check ((kind in ('start_run', 'tell_run')) = (payload is not null));
create index outbox_of_run on outbox (lane, id) where kind in ('start_run', 'tell_run');
comment on column outbox.lane is 'nudge: the lane; start_import: the id of the import; start_run, tell_run: the id of the run';

-- The relay looks for open runs without a living workflow and lets them begin again.
create policy relay_scans on runs to flywheel_relay using (true);
grant select (tenant_id, id, loop, generation, input, due_at, seen_at, opened_at, closed_at), update (generation, seen_at) on runs to flywheel_relay;
grant insert (tenant_id, kind, lane, created_at, payload) on outbox to flywheel_relay;
