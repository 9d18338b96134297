-- Rows carry messages, the lane's sender carries time: neither a batch nor an invite is a workflow.
create table invite_batches (
  id text primary key check (id like 'bat\_%'),
  tenant_id text not null references tenants (id),
  program_id text not null,
  program_version integer not null,
  member_id text,                                     -- the inviter; null: the tenant itself
  channel text not null check (channel in ('email')),
  lane text not null,                                 -- channel plus shard, fixed here for good
  invite_count smallint not null check (invite_count between 1 and 1000),
  next_due_at timestamptz,                            -- minimum of its invites' due_at, kept in the same transaction
  expires_at timestamptz not null,
  created_at timestamptz not null,
  unique (tenant_id, id),
  foreign key (program_id, program_version) references program_versions (program_id, version),
  foreign key (tenant_id, program_id) references programs (tenant_id, id),
  foreign key (tenant_id, member_id) references members (tenant_id, id)
);
create index invite_batches_due on invite_batches (tenant_id, lane, next_due_at) where next_due_at is not null;
create index on invite_batches (program_id) where next_due_at is not null;
create index on invite_batches (member_id) where next_due_at is not null;
call protect_tenant_table('invite_batches');
grant select, insert, update on invite_batches to flywheel_app;

-- One row an invitee, in the order of the request; its id is the batch's plus n. No index on what changes:
-- the claim reads a batch's range of the primary key, so that every update stays heap-only.
create table invites (
  batch_id text not null,
  n smallint not null check (n between 0 and 999),
  tenant_id text not null,
  recipient_hash bytea check (length(recipient_hash) = 16),
  contact_id text,                                    -- null: refused, so no address is kept
  state text not null check (state in
    ('waiting', 'handed_off', 'unknown', 'unknown_expired', 'joined', 'expired', 'refused', 'canceled')),
  reason text,
  duplicate_of text,                                  -- the invite that a refused one repeats
  relationship text,
  consent_basis text,
  step smallint check (step between 0 and 20),        -- the next message to send; null: none is left
  due_at timestamptz,                                 -- when the next thing happens; null: nothing will
  permitted_until timestamptz,
  plan_version integer not null default 0,            -- rules it was planned under: tenant's plus program's version
  stale boolean not null default false,               -- to be planned again; never leaves before that
  attempt_id bigint,                                  -- claimed by this attempt; kept while its outcome is unknown
  stop_reason text check (stop_reason in ('canceled', 'suppressed', 'joined')), -- decided while claimed: nothing after this message
  tries smallint not null default 0,
  primary key (batch_id, n),
  foreign key (tenant_id, batch_id) references invite_batches (tenant_id, id),
  foreign key (tenant_id, contact_id) references contacts (tenant_id, id),
  check ((state = 'refused') or contact_id is not null),
  check (step is null or state in ('waiting', 'handed_off')),
  check (state <> 'waiting' or (step is not null and due_at is not null)),
  check (state not in ('unknown_expired', 'joined', 'expired', 'refused', 'canceled') or (due_at is null and attempt_id is null))
) with (fillfactor = 50);
create index invites_by_recipient on invites (recipient_hash);
create index invites_stale on invites (tenant_id, batch_id) where stale;
call protect_tenant_table('invites');
grant select, insert, update on invites to flywheel_app;

-- 24 hours (a program's term) between two invites to one recipient of a tenant, whoever asks.
create table cooling (
  tenant_id text not null references tenants (id),
  recipient_hash bytea not null check (length(recipient_hash) = 16),
  batch_id text not null,
  n smallint not null,
  until timestamptz not null,
  primary key (tenant_id, recipient_hash)
);
create index on cooling (batch_id);
call protect_tenant_table('cooling');
grant select, insert, update, delete on cooling to flywheel_app;

-- Invites a member sent on a calendar day of the tenant's zone.
create table member_days (
  tenant_id text not null references tenants (id),
  member_id text not null,
  day date not null,
  used integer not null check (used >= 0),
  primary key (tenant_id, member_id, day),
  foreign key (tenant_id, member_id) references members (tenant_id, id)
);
call protect_tenant_table('member_days');
grant select, insert, update on member_days to flywheel_app;
