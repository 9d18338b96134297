-- What a billing vendor tells: by which secrets its webhooks are known to be its own, each of its events once, and which member
-- a customer of the vendor is. And the tokens that open a member's referral page.
create table billing_accounts (
  tenant_id text not null references tenants (id),
  provider text not null check (provider in ('stripe')),
  secrets_sealed bytea not null,                           -- a JSON list of none, one or, while one replaces another, two
  changed_at timestamptz not null,
  primary key (tenant_id, provider)
);
call protect_tenant_table('billing_accounts');
grant select, insert on billing_accounts to flywheel_app;
grant update (secrets_sealed, changed_at) on billing_accounts to flywheel_app;

-- Which member a vendor's customer is: learnt from what names both.
create table billing_customers (
  tenant_id text not null,
  provider text not null check (provider in ('stripe')),
  customer text not null check (length(customer) between 1 and 200),
  member_id text not null,
  told_at timestamptz not null,
  primary key (tenant_id, provider, customer),
  foreign key (tenant_id, member_id) references members (tenant_id, id)
);
call protect_tenant_table('billing_customers');
grant select, insert on billing_customers to flywheel_app;
grant update (member_id, told_at) on billing_customers to flywheel_app;

-- Each event of the vendor once, with what became of it. A payment of a customer nobody has named waits with what it says
-- (figures and the vendor's ids); nothing else of the body is kept.
create table billing_events (
  tenant_id text not null references tenants (id),
  provider text not null check (provider in ('stripe')),
  event_id text not null check (length(event_id) between 1 and 200),
  type text not null check (length(type) between 1 and 100),
  outcome text not null check (outcome in ('stored', 'waiting', 'passed_over')),
  reason text,
  customer text,
  fact jsonb,
  received_at timestamptz not null,
  primary key (tenant_id, provider, event_id),
  check ((outcome = 'stored') = (reason is null)),
  check ((outcome = 'waiting') = (fact is not null)),
  check (outcome <> 'waiting' or customer is not null)
);
create index billing_events_waiting on billing_events (tenant_id, provider, customer) where outcome = 'waiting';
create index billing_events_listed on billing_events (tenant_id, received_at, event_id);
create index on billing_events (received_at);
call protect_tenant_table('billing_events');
grant select, insert on billing_events to flywheel_app;
grant update (outcome, reason, fact) on billing_events to flywheel_app;
create policy relay_purges on billing_events to flywheel_relay using (true);
grant select (received_at), delete on billing_events to flywheel_relay;

-- Opens a member's referral page once; from then on a cookie does, of which only the hash is kept here, too.
create table embed_tokens (
  token_hash bytea primary key check (length(token_hash) = 32),
  tenant_id text not null references tenants (id),
  member_id text not null,
  expires_at timestamptz not null,                         -- of the token
  session_hash bytea unique check (length(session_hash) = 32),
  session_expires_at timestamptz,                          -- of the cookie
  foreign key (tenant_id, member_id) references members (tenant_id, id),
  check ((session_hash is null) = (session_expires_at is null))
);
create index on embed_tokens (expires_at);
call protect_tenant_table('embed_tokens');
grant select, insert on embed_tokens to flywheel_app;
grant update (session_hash, session_expires_at) on embed_tokens to flywheel_app;
create policy relay_purges on embed_tokens to flywheel_relay using (true);
grant select (expires_at), delete on embed_tokens to flywheel_relay;
