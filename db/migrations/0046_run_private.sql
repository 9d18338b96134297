-- What a start brings that is somebody's own: a child's first name. It is in no input, fact or log: the mails of the run say it.
create table run_private (
  tenant_id text not null,
  run_id text not null,
  name text not null check (length(name) between 1 and 40), -- the field of the start
  text_sealed bytea not null,
  primary key (tenant_id, run_id, name),
  foreign key (tenant_id, run_id) references runs (tenant_id, id) on delete cascade
);
call protect_tenant_table('run_private');
grant select, insert on run_private to flywheel_app;

-- It goes 30 days after its run has closed.
create policy relay_purges on run_private to flywheel_relay using (true);
grant select (tenant_id, run_id), delete on run_private to flywheel_relay;
