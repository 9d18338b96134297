-- SMS beside e-mail. A batch waits in a lane for each channel by which messages of it leave: what is due is read from
-- there, so that the batch itself does not change while its messages do.
create table batch_lanes (
  batch_id text not null,
  channel text not null check (channel in ('email', 'sms')),
  tenant_id text not null,
  lane text not null,                                 -- channel plus shard, fixed here for good
  next_due_at timestamptz,                            -- minimum of the due_at of its invites on this channel, kept in the same transaction
  primary key (batch_id, channel),
  foreign key (tenant_id, batch_id) references invite_batches (tenant_id, id)
) with (fillfactor = 70);
-- The owner reads what it moves; nobody else can meanwhile.
alter table invite_batches no force row level security;
insert into batch_lanes (batch_id, channel, tenant_id, lane, next_due_at) select id, channel, tenant_id, lane, next_due_at from invite_batches;
alter table invite_batches force row level security;
create index batch_lanes_due on batch_lanes (tenant_id, lane, next_due_at) where next_due_at is not null;
call protect_tenant_table('batch_lanes');
grant select, insert, update on batch_lanes to flywheel_app;
create policy relay_scans on batch_lanes for select to flywheel_relay using (true);
grant select on batch_lanes to flywheel_relay;

-- With the columns go their partial indexes.
alter table invite_batches drop column next_due_at, drop column lane, drop column channel;
create index on invite_batches (member_id);
create index on invite_batches (program_id);

-- The channel of the next message; what says nothing is e-mail. The phone is where an SMS would go: of an invitee who has no address it is all there is.
alter table invites
  add column channel text not null default 'email' check (channel in ('email', 'sms')),
  add column phone_hash bytea check (length(phone_hash) = 16),
  add check (channel <> 'sms' or phone_hash is not null);
create index invites_by_phone on invites (phone_hash) where phone_hash is not null;

-- A person who is known by a phone alone.
create index on contacts (tenant_id, phone_hash) where phone_hash is not null;

-- Which channels a program uses, and in which order, is a term of its version.
alter table program_versions no force row level security;
update program_versions set terms = terms || '{"channels": ["email"]}' where not terms ? 'channels';
alter table program_versions force row level security;
alter table programs drop column channel;

alter table hard_stops drop constraint hard_stops_channel_check, add constraint hard_stops_channel_check check (channel in ('email', 'sms'));
alter table messages drop constraint messages_channel_check, add constraint messages_channel_check check (channel in ('email', 'sms'));
-- A receipt says of which message it is.
alter table receipts add column channel text not null default 'email' check (channel in ('email', 'sms'));
