-- What a program is about: people opt out of it by topic. Not pinned: what waits heeds the topic that its program has now.
alter table programs add column topic text not null default 'invitations' check (topic ~ '^[a-z][a-z0-9_]{0,39}$');

-- What a person who is no member said on the preference page: own quiet hours, and that the zone is the person's own choice.
alter table contacts add column quiet_hours jsonb, add column own_zone boolean not null default false;

-- STOP as an answer to a text.
alter table suppressions drop constraint suppressions_reason_check,
  add constraint suppressions_reason_check check (reason in ('unsubscribe', 'hard_bounce', 'complaint', 'manual', 'legal', 'sms_stop'));

-- What people agreed to and took back, as they said it: proof, so nothing of it changes. Of whom: a keyed hash of the
-- mailbox or of the number, as in suppressions. '*': all topics, all channels.
create table consents (
  id text primary key check (id like 'con\_%'),
  tenant_id text not null references tenants (id),
  recipient_hash bytea not null check (length(recipient_hash) = 16),
  topic text not null check (topic ~ '^(\*|[a-z][a-z0-9_]{0,39})$'),
  channel text not null check (channel in ('email', 'sms', '*')),
  action text not null check (action in ('granted', 'withdrawn')),
  basis text check (length(basis) between 1 and 60),
  wording_version text check (length(wording_version) between 1 and 100), -- which words the person saw
  locale text check (length(locale) between 1 and 35),                    -- in which language
  source text not null check (source in ('api', 'preference_page', 'sms_keyword', 'unsubscribe_link', 'import', 'invite')),
  given_at timestamptz not null,                      -- when the person said it
  recorded_at timestamptz not null,                   -- when we heard of it
  unique (tenant_id, recipient_hash, topic, channel, given_at, action),   -- told twice, it is one
  unique (tenant_id, id),
  check (action = 'withdrawn' or basis is not null),
  check (given_at <= recorded_at)
);
call protect_tenant_table('consents');
grant select, insert on consents to flywheel_app;

-- What holds now: of each topic and channel, what was said last; of an equal instant, the opt-out. `open`: an opt-out was
-- taken back, which is no opt-in to what needs one.
create table preferences (
  tenant_id text not null references tenants (id),
  recipient_hash bytea not null check (length(recipient_hash) = 16),
  topic text not null check (topic ~ '^(\*|[a-z][a-z0-9_]{0,39})$'),
  channel text not null check (channel in ('email', 'sms', '*')),
  state text not null check (state in ('in', 'out', 'open')),
  decided_at timestamptz not null,
  consent_id text not null,
  primary key (tenant_id, recipient_hash, topic, channel),
  foreign key (tenant_id, consent_id) references consents (tenant_id, id)
);
call protect_tenant_table('preferences');
grant select, insert on preferences to flywheel_app;
grant update (state, decided_at, consent_id) on preferences to flywheel_app;
