-- People. Address and name live in one contact row, encrypted; everything else holds ids and keyed hashes.
create table contacts (
  id text primary key check (id like 'cnt\_%'),
  tenant_id text not null references tenants (id),
  email_hash bytea check (length(email_hash) = 16),  -- keyed hash of the mailbox, not of the spelling
  email_sealed bytea,                                 -- the address as typed
  phone_hash bytea check (length(phone_hash) = 16),
  phone_sealed bytea,
  name_sealed bytea,
  zones text[] not null default '{}',                -- candidate zones; all must permit
  zone_source text check (zone_source in ('explicit', 'device', 'address', 'phone', 'tenant')),
  locale text,
  created_at timestamptz not null,
  unique (tenant_id, email_hash),
  unique (tenant_id, id),                            -- what refers to a tenant's row names its tenant too
  check ((email_hash is null) = (email_sealed is null)),
  check ((phone_hash is null) = (phone_sealed is null))
);
call protect_tenant_table('contacts');
grant select, insert, update on contacts to flywheel_app;

create table members (
  id text primary key check (id like 'mbr\_%'),
  tenant_id text not null references tenants (id),
  external_id text not null check (length(external_id) between 1 and 200),
  contact_id text,
  locale text,
  zone text,
  zone_source text check (zone_source in ('explicit', 'device', 'address', 'phone', 'tenant')),
  quiet_hours jsonb,                                  -- the member layer of the send rules
  birth_year smallint check (birth_year between 1900 and 2200),
  is_minor boolean not null default false,
  event_dates date[] not null default '{}',
  attributes jsonb not null default '{}',
  created_at timestamptz not null,
  updated_at timestamptz not null,
  unique (tenant_id, external_id),
  unique (tenant_id, id),
  foreign key (tenant_id, contact_id) references contacts (tenant_id, id)
);
create index on members (contact_id);
call protect_tenant_table('members');
grant select, insert, update on members to flywheel_app;

-- Never contact. Lifted rows stay: why somebody may be written to again is part of the story.
create table suppressions (
  id text primary key check (id like 'sup\_%'),
  tenant_id text not null references tenants (id),
  recipient_hash bytea not null check (length(recipient_hash) = 16),
  reason text not null check (reason in ('unsubscribe', 'hard_bounce', 'complaint', 'manual', 'legal')),
  created_at timestamptz not null,
  lifted_at timestamptz
);
create unique index suppressions_live on suppressions (tenant_id, recipient_hash) where lifted_at is null;
create index on suppressions (tenant_id, id);
call protect_tenant_table('suppressions');
grant select, insert on suppressions to flywheel_app;
grant update (lifted_at) on suppressions to flywheel_app;
