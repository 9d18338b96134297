-- What Temporal has still to be told. The app writes, the relay takes.
create table outbox (
  id bigint generated always as identity primary key,
  tenant_id text not null references tenants (id),
  kind text not null check (kind in ('nudge')),
  lane text not null,
  created_at timestamptz not null
);
call protect_tenant_table('outbox');
grant insert on outbox to flywheel_app;
create policy relay_takes on outbox to flywheel_relay using (true);
grant select, update (id), delete on outbox to flywheel_relay; -- update: FOR UPDATE SKIP LOCKED asks for it

-- The relay's sweep sees which lane is late, and nothing of what is in it.
create policy relay_scans on invite_batches for select to flywheel_relay using (true);
create policy relay_scans on programs for select to flywheel_relay using (true);
create policy relay_scans on tenants for select to flywheel_relay using (true);
create policy relay_scans on hard_stops for select to flywheel_relay using (true);
create policy relay_scans on attempts for select to flywheel_relay using (true);
grant select (id, tenant_id, lane, claimed_at, closed_at, fenced_at) on attempts to flywheel_relay;
grant select (id, tenant_id, lane, channel, program_id, next_due_at, expires_at) on invite_batches to flywheel_relay;
grant select (id, paused_at) on programs to flywheel_relay;
grant select (id, paused_at) on tenants to flywheel_relay;
grant select (tenant_id, channel) on hard_stops to flywheel_relay;

-- What is over for all tenants goes by its instant alone.
create policy relay_purges on idempotency to flywheel_relay using (true);
create policy relay_purges on explain_links to flywheel_relay using (true);
grant select (created_at), delete on idempotency to flywheel_relay;
grant select (expires_at), delete on explain_links to flywheel_relay;
