-- What was decided by what had been read no longer holds: the transaction leaves nothing and runs again from its start, as after a deadlock.
create function begin_again(why text) returns void
  language plpgsql set search_path = pg_catalog, pg_temp
  as $$ begin raise exception '%; the transaction begins again', why using errcode = 'serialization_failure'; end $$;
revoke all on function begin_again from public;
grant execute on function begin_again to flywheel_app;

-- A cap's day is one of the tenant's zone when the reward was granted: what is taken back is given back to the day it was taken from.
alter table rewards add column cap_zone text;

-- What ANALYZE would find in a table that has rows of one tenant, said before it has any: tenant_id alone leads to all of them. A plan that is
-- made while a table is new, and kept, would else as soon go by any index that begins with tenant_id as by the one that leads to the row.
-- ANALYZE replaces it. PostgreSQL before 18 does without.
do $$ begin
  if current_setting('server_version_num')::integer >= 180000 then
    perform pg_restore_attribute_stats('schemaname', 'public', 'relname', c.relname::text, 'attname', 'tenant_id', 'inherited', false, 'null_frac', 0::real, 'avg_width', 31, 'n_distinct', 1::real)
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'tenant_id'
    where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.reltuples <= 0;
  end if;
end $$;
