-- A question that is asked again is a mail of its own: what vendors tell late of the first says nothing of the second. Of a week there is one mail a recipient.
alter table report_mails drop constraint report_mails_pkey, add primary key (tenant_id, recipient_id, about, queued_at);
create unique index report_mails_once_a_week on report_mails (tenant_id, recipient_id, about) where about <> 'confirm';
revoke update (expires_at, queued_at) on report_mails from flywheel_app;

-- Who was removed is known by the keyed hash alone for as long as vendors may tell of what was sent to them; who said no, for good.
alter table report_recipients add column removed_at timestamptz, add check (removed_at is null or email_sealed = '');
grant update (removed_at) on report_recipients to flywheel_app;

-- Both go after 90 days.
create policy relay_purges on report_mails to flywheel_relay using (true);
grant select (queued_at), delete on report_mails to flywheel_relay;
create policy relay_purges on report_recipients to flywheel_relay using (removed_at is not null);
grant select (removed_at, unsubscribed_at), delete on report_recipients to flywheel_relay;
