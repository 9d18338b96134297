-- A file of members or invitees, received whole and taken in by a run. Here stands how far it is; nothing of any person.
create table imports (
  id text primary key check (id like 'imp\_%'),
  tenant_id text not null references tenants (id),
  kind text not null check (kind in ('members', 'invitees')),
  state text not null check (state in ('receiving', 'queued', 'running', 'completed', 'failed', 'canceled')),
  reason text,                                        -- why it failed, or what it waits for
  program_id text,                                    -- of invitees
  member_id text,                                     -- their inviter; null: the tenant itself
  columns text[] not null,                            -- the file's first row
  rows_total integer not null default 0 check (rows_total >= 0),
  rows_accepted integer not null default 0 check (rows_accepted >= 0),
  rows_refused integer not null default 0 check (rows_refused >= 0),
  through integer not null default 0 check (through >= 0), -- rows up to this number were taken
  batch_ids text[] not null default '{}',             -- the batches of invites it made
  actor text not null,
  created_at timestamptz not null,
  moved_at timestamptz not null,                      -- when its run last did something
  started_at timestamptz,
  finished_at timestamptz,
  unique (tenant_id, id),
  foreign key (tenant_id, program_id) references programs (tenant_id, id),
  foreign key (tenant_id, member_id) references members (tenant_id, id),
  check ((kind = 'invitees') = (program_id is not null)),
  check ((state in ('completed', 'failed', 'canceled')) = (finished_at is not null))
);
create index imports_open on imports (moved_at) where finished_at is null;
create index imports_over on imports (finished_at) where finished_at is not null;
create index on imports (member_id) where member_id is not null;
call protect_tenant_table('imports');
grant select, insert, delete on imports to flywheel_app;
grant update (state, reason, columns, rows_total, rows_accepted, rows_refused, through, batch_ids, moved_at, started_at, finished_at) on imports to flywheel_app;

-- Its rows until they are taken: an accepted one goes in the transaction that takes it, a refused one a week after the end.
create table import_rows (
  import_id text not null,
  n integer not null check (n > 0),                   -- as a spreadsheet counts: the first row names the columns
  tenant_id text not null,
  reason text,                                        -- null: not refused, not yet taken
  message text,
  row_sealed bytea not null,                          -- its cells as they stood in the file, and what was read in them
  primary key (import_id, n),
  foreign key (tenant_id, import_id) references imports (tenant_id, id) on delete cascade
);
call protect_tenant_table('import_rows');
grant select, insert, delete on import_rows to flywheel_app;
grant update (reason, message) on import_rows to flywheel_app;

-- A row of the outbox is about one thing, in whose order it goes: a nudge about a lane, a start about the run it starts.
alter table outbox drop constraint outbox_kind_check;
alter table outbox add constraint outbox_kind_check check (kind in ('nudge', 'start_import'));
comment on column outbox.lane is 'nudge: the lane; start_import: the id of the import';

-- The relay starts anew what no run has moved for long, removes what was never received whole, and the rows whose week is over.
create policy relay_scans on imports to flywheel_relay using (true);
create policy relay_purges on import_rows to flywheel_relay using (true);
grant select (id, tenant_id, state, moved_at, finished_at), delete on imports to flywheel_relay;
grant select (import_id), delete on import_rows to flywheel_relay;
