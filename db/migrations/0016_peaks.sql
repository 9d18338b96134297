-- When messages of a program (null: of all the tenant's programs) do best, learnt from how recipients answered.
create table learnt_peaks (
  tenant_id text not null references tenants (id),
  program_id text,
  windows jsonb not null,                             -- in force for programs that learn; empty: none stands out
  basis jsonb not null,                               -- what was counted, and why these
  learnt_at timestamptz not null,                     -- when the windows became these
  looked_at timestamptz not null,                     -- when the counts were last looked at
  unique nulls not distinct (tenant_id, program_id),
  foreign key (tenant_id, program_id) references programs (tenant_id, id)
);
call protect_tenant_table('learnt_peaks');
grant select, insert, update on learnt_peaks to flywheel_app;

-- Who is to be looked at next: the run that learns works for one tenant at a time and must know that there are others.
create function tenants_after(after text, most integer) returns setof text
  language sql stable security definer set search_path = public, pg_temp
  as $$ select t.id from tenants t where t.id > after order by t.id limit most $$;
revoke all on function tenants_after from public;
grant execute on function tenants_after to flywheel_app;
