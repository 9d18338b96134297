-- Webhooks to the tenant (Standard Webhooks 1.0.0): where they go, what was announced, and a due row for each endpoint that wants it.
create table webhook_endpoints (
  id text primary key check (id like 'whe\_%'),
  tenant_id text not null references tenants (id),
  url text not null check (length(url) between 1 and 2000),
  description text not null default '' check (length(description) <= 200),
  event_types text[] not null check (cardinality(event_types) <= 50), -- by pattern: *, referral.*, reward.paid
  secret_sealed bytea not null,
  old_secret_sealed bytea,                                 -- signs beside the new one until then
  old_secret_until timestamptz,
  failing_since timestamptz,                               -- the first failure after which nothing got through; null: all is well
  disabled_at timestamptz,
  disabled_reason text check (disabled_reason in ('by_you', 'gone', 'failing')),
  deleted_at timestamptz,                                  -- its log stays readable until the log is purged
  created_at timestamptz not null,
  unique (tenant_id, id),
  check ((old_secret_sealed is null) = (old_secret_until is null)),
  check ((disabled_at is null) = (disabled_reason is null))
);
create index on webhook_endpoints (tenant_id) where deleted_at is null;
call protect_tenant_table('webhook_endpoints');
grant select, insert on webhook_endpoints to flywheel_app;
grant update (url, description, event_types, secret_sealed, old_secret_sealed, old_secret_until, failing_since, disabled_at, disabled_reason, deleted_at) on webhook_endpoints to flywheel_app;

-- How many events of one subject were announced. Whoever announces holds the subject's own row, so that nobody waits here.
create table webhook_sequences (
  tenant_id text not null references tenants (id),
  subject_id text not null,
  last bigint not null check (last > 0),
  primary key (tenant_id, subject_id)
);
call protect_tenant_table('webhook_sequences');
grant select, insert on webhook_sequences to flywheel_app;
grant update (last) on webhook_sequences to flywheel_app;

-- What was announced, once for all endpoints; the id is the header webhook-id, and begins with the instant it was recorded at.
create table webhook_events (
  id text primary key check (id like 'msg\_%'),
  tenant_id text not null references tenants (id),
  type text not null check (length(type) between 1 and 80),
  subject_id text not null,
  sequence_of text,
  sequence bigint,
  data jsonb not null,                                     -- ids, figures and states; nothing of a person
  at timestamptz not null,
  recorded_at timestamptz not null,
  unique (tenant_id, id),
  check ((sequence_of is null) = (sequence is null))
);
call protect_tenant_table('webhook_events');
grant select, insert on webhook_events to flywheel_app;

-- An event on its way to an endpoint. While it is claimed, due_at is the end of the lease: what a killed worker had goes out again.
create table webhook_deliveries (
  id text primary key check (id like 'whd\_%'),
  tenant_id text not null,
  endpoint_id text not null,
  event_id text not null,
  state text not null check (state in ('delivered', 'waiting', 'failed', 'canceled')),
  reason text,                                             -- why the last attempt failed, or why it ended
  attempts integer not null default 0 check (attempts >= 0),
  attempts_before integer not null default 0,              -- of them before it was sent again by hand: the schedule begins anew
  last_status smallint,
  due_at timestamptz,
  created_at timestamptz not null,
  ended_at timestamptz,
  unique (event_id, endpoint_id),
  unique (tenant_id, id),
  foreign key (tenant_id, endpoint_id) references webhook_endpoints (tenant_id, id) on delete cascade,
  foreign key (tenant_id, event_id) references webhook_events (tenant_id, id) on delete cascade,
  check ((state = 'waiting') = (due_at is not null)),
  check (attempts_before between 0 and attempts)
);
create index webhook_deliveries_due on webhook_deliveries (endpoint_id, due_at) where due_at is not null;
create index webhook_deliveries_late on webhook_deliveries (due_at) where due_at is not null;
call protect_tenant_table('webhook_deliveries');
grant select, insert on webhook_deliveries to flywheel_app;
grant update (state, reason, attempts, attempts_before, last_status, due_at, ended_at) on webhook_deliveries to flywheel_app;

-- Each try whose end is known. One that is missing was under way when its worker was lost.
create table webhook_attempts (
  tenant_id text not null,
  delivery_id text not null,
  n integer not null check (n > 0),
  outcome text not null check (outcome in ('delivered', 'retry', 'gone', 'refused')),
  reason text,
  status smallint,
  took_ms integer not null check (took_ms >= 0),
  at timestamptz not null,
  primary key (delivery_id, n),
  foreign key (tenant_id, delivery_id) references webhook_deliveries (tenant_id, id) on delete cascade
);
call protect_tenant_table('webhook_attempts');
grant select, insert on webhook_attempts to flywheel_app;

-- The relay sees in whose webhooks something is late, and removes what is over.
create policy relay_scans on webhook_deliveries for select to flywheel_relay using (true);
create policy relay_purges on webhook_events to flywheel_relay using (true);
create policy relay_purges on webhook_endpoints to flywheel_relay using (true);
grant select (tenant_id, due_at) on webhook_deliveries to flywheel_relay;
grant select (id), delete on webhook_events to flywheel_relay;
grant select (deleted_at), delete on webhook_endpoints to flywheel_relay;
