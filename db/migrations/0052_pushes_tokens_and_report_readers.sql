-- Pushes are judged like any message; a member's tokens can be taken back; reports are written in their reader's language.

alter table feed_items
  add column program_id text,  -- whose send rules bind its push, and whose pause holds it, beside the tenant's
  -- What its push waits for, or why there is none. hours and daily_cap with a push_at: it waits.
  add column push_reason text check (push_reason in ('hours', 'daily_cap', 'opted_out', 'suppressed', 'unanswered', 'no_permitted_time', 'over')),
  add foreign key (tenant_id, program_id) references programs (tenant_id, id);
grant update (push_reason) on feed_items to flywheel_app;
create index feed_items_pushed on feed_items (tenant_id, member_id, pushed_at) where pushed_at is not null;
create index feed_items_counted on feed_items (tenant_id, created_at);

alter table hard_stops drop constraint hard_stops_channel_check, add constraint hard_stops_channel_check check (channel in ('email', 'sms', 'push'));

-- Of the member's own: tokens that were made before are refused.
alter table members add column tokens_not_before timestamptz;
create policy owner_looks on members for select to current_user using (true);
-- Asked beside the key, before a tenant is set: of a token whose signature said whose it is.
create function member_tokens_not_before(tenant_id text, member_id text) returns timestamptz
  language sql stable security definer set search_path = public, pg_temp
  as $$ select m.tokens_not_before from members m where m.tenant_id = member_tokens_not_before.tenant_id and m.id = member_tokens_not_before.member_id $$;
revoke all on function member_tokens_not_before from public;
grant execute on function member_tokens_not_before to flywheel_app;

alter table report_recipients add column locale text check (length(locale) between 2 and 35); -- BCP 47; null: English
grant update (locale) on report_recipients to flywheel_app;
-- What came back of a mail that had left.
alter table report_mails
  add column provider_message_id text check (length(provider_message_id) <= 400),
  add column bounced_at timestamptz,
  add column complained_at timestamptz;
create index report_mails_by_provider_id on report_mails (tenant_id, provider_message_id) where provider_message_id is not null;
grant update (provider_message_id, bounced_at, complained_at) on report_mails to flywheel_app;

-- Weeks whose report was asked for and is too much to count while somebody waits: the relay starts a run for each, which puts out no mails.
alter table tenants add column reports_asked text[] not null default '{}' check (cardinality(reports_asked) <= 6);
grant update (reports_asked) on tenants to flywheel_app;
drop function reports_due(text[], text[], timestamptz[], integer);
create function reports_due(zones text[], weeks text[], due_ats timestamptz[], most integer) returns table (tenant_id text, week text, mails boolean)
  language sql stable security definer set search_path = public, pg_temp
  as $$
    select due.tenant_id, due.week, due.mails from (
      select t.id as tenant_id, z.week, true as mails, z.due_at from unnest(zones, weeks, due_ats) as z (zone, week, due_at) join tenants t on t.zone = z.zone
      where t.created_at < z.due_at
        and not exists (select 1 from weekly_reports r where r.tenant_id = t.id and r.week = z.week and r.mailed_at is not null)
      union all
      select t.id, a.week, false, null from tenants t cross join lateral unnest(t.reports_asked) as a (week) where t.reports_asked <> '{}'
    ) as due
    order by due.due_at nulls last, due.tenant_id, due.week limit most
  $$;
revoke all on function reports_due from public;
grant execute on function reports_due to flywheel_relay;
