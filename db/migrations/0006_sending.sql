-- The fence: a new sender raises the epoch, and what an older one left claimed becomes unknown.
create table lanes (
  tenant_id text not null references tenants (id),
  lane text not null,
  epoch bigint not null check (epoch > 0),
  primary key (tenant_id, lane)
);
call protect_tenant_table('lanes');
grant select, insert, update on lanes to flywheel_app;

-- One try for a group of messages: claimed before anything leaves, closed when its outcomes are recorded.
create table attempts (
  id bigint generated always as identity primary key,
  tenant_id text not null references tenants (id),
  lane text not null,
  epoch bigint not null,
  batch_ids text[] not null,
  ns smallint[] not null,
  claimed_at timestamptz not null,
  closed_at timestamptz,
  fenced_at timestamptz,
  check (cardinality(batch_ids) = cardinality(ns))
);
create index attempts_open on attempts (tenant_id, lane) where closed_at is null and fenced_at is null;
call protect_tenant_table('attempts');
grant select, insert, update on attempts to flywheel_app;

-- What became of one message: one row per invite, step and channel, whatever happens.
create table messages (
  batch_id text not null,
  n smallint not null,
  step smallint not null check (step between 0 and 20),
  channel text not null check (channel in ('email')),
  tenant_id text not null,
  attempt_id bigint not null references attempts (id),
  state text not null check (state in ('handed_off', 'refused', 'unknown', 'unknown_expired')),
  reason text,
  provider_message_id text,
  recorded_at timestamptz not null,
  delivered_at timestamptz,
  bounced_at timestamptz,
  complained_at timestamptz,
  primary key (batch_id, n, step, channel),
  foreign key (batch_id, n) references invites (batch_id, n)
);
call protect_tenant_table('messages');
grant select, insert, update on messages to flywheel_app;

-- The vendor's proof, word for word where it holds no address. Insert-only.
create table receipts (
  id text primary key check (id like 'rcp\_%'),
  tenant_id text not null references tenants (id),
  batch_id text not null,
  n smallint not null,
  step smallint not null,
  kind text not null check (kind in ('handed_off', 'delivered', 'bounced', 'complained')),
  provider_event_id text,                             -- the vendor's id of the fact: it counts once
  detail text,
  at timestamptz not null,
  recorded_at timestamptz not null,
  foreign key (batch_id, n) references invites (batch_id, n),
  unique (tenant_id, provider_event_id)
);
create index on receipts (batch_id, n);
call protect_tenant_table('receipts');
grant select, insert on receipts to flywheel_app;

-- Why things are as they are: one row a decision, about one invite, some (ns) or all (null) of a batch,
-- or about anything else by its id. Insert-only, without personal data.
create table decisions (
  id text primary key check (id like 'dec\_%'),
  tenant_id text not null references tenants (id),
  subject_id text not null,                           -- a batch, program, member, tenant, link …
  ns smallint[],
  kind text not null,
  rule text not null,
  inputs jsonb not null,
  actor text not null,                                -- key_…, sender, relay, recipient
  at timestamptz not null
);
create index on decisions (tenant_id, subject_id, id);
call protect_tenant_table('decisions');
grant select, insert on decisions to flywheel_app;
