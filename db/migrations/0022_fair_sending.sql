-- The circuit breaker of each provider messages leave by (email:<host>, sms:twilio): one row that all workers share, of no
-- tenant. The rules are the program's (src/domain/sending/breaker.ts); whoever changes a row has locked it.
create table breakers (
  provider text primary key check (length(provider) between 1 and 300),
  failures integer not null check (failures >= 0),
  answers integer not null check (answers >= 0),
  counted_since timestamptz not null,
  opened_at timestamptz,                              -- null: closed
  open_until timestamptz not null,
  openings integer not null check (openings >= 0),
  reason text check (length(reason) between 1 and 100),
  probe_until timestamptz,
  probes bigint not null check (probes >= 0),         -- counts trials: the number of the last one names it
  closed_at timestamptz,
  check (probe_until is null or opened_at is not null)
);
grant select, insert, update on breakers to flywheel_app;
-- The relay calls no lane that a breaker holds, and all of them when one closes.
grant select (provider, opened_at, open_until, closed_at) on breakers to flywheel_relay;

-- A lane whose send rate is used up says so, and until when: its sender sleeps, and the relay need not call it.
alter table lanes
  add column held_by text check (length(held_by) between 1 and 300),
  add column held_until timestamptz,
  add check ((held_by is null) = (held_until is null));
create policy relay_scans on lanes for select to flywheel_relay using (true);
grant select (tenant_id, lane, held_until) on lanes to flywheel_relay;
