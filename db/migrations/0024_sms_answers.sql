-- Who wrote to a phone by SMS, so that what it answers (STOP, START, HELP) finds the tenants it is about: they may share
-- one number. The key is the same for all tenants, so that one look-up finds them; it tells nothing of the number.
create table sms_recipients (
  tenant_id text not null references tenants (id),
  phone_key bytea not null check (length(phone_key) = 16),
  batch_id text not null,                             -- the invite that wrote last
  n smallint not null,
  sent_at timestamptz not null,
  primary key (tenant_id, phone_key),
  foreign key (tenant_id, batch_id) references invite_batches (tenant_id, id)
);
create index on sms_recipients (phone_key);
call protect_tenant_table('sms_recipients');
grant select, insert, update (batch_id, n, sent_at) on sms_recipients to flywheel_app;

-- An answer names no tenant: its phone does.
create policy owner_resolves on sms_recipients for select to current_user using (true);
create function sms_tenants_of(phone_key bytea) returns setof text
  language sql stable security definer set search_path = public, pg_temp
  as $$ select r.tenant_id from sms_recipients r where r.phone_key = sms_tenants_of.phone_key order by 1 $$;
revoke all on function sms_tenants_of from public;
grant execute on function sms_tenants_of to flywheel_app;

-- The run that asks the vendor about hand-offs of unknown outcome works for one tenant after another: those that ever had an
-- SMS sender.
create policy owner_lists on lanes for select to current_user using (true);
create function sms_tenants_after(after text, most integer) returns setof text
  language sql stable security definer set search_path = public, pg_temp
  as $$ select distinct l.tenant_id from lanes l where l.tenant_id > after and l.lane like 'sms-%' order by 1 limit most $$;
revoke all on function sms_tenants_after from public;
grant execute on function sms_tenants_after to flywheel_app;
create index messages_unknown_sms on messages (tenant_id) where channel = 'sms' and state = 'unknown';
