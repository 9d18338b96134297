-- Who brought whom, by what, and what was paid. One referral a program and referee; one of them a referee has the acquisition credit.
alter table programs add column closed_at timestamptz;       -- from then on it takes no more sign-ups; what began goes on

-- Every member has one personal link, whose code people can type; a share link may name the program it counts for.
alter table links drop constraint links_kind_check, add constraint links_kind_check check (kind in ('invite', 'share', 'personal'));
alter table links add column program_id text, add foreign key (tenant_id, program_id) references programs (tenant_id, id);
create unique index links_personal on links (tenant_id, member_id) where kind = 'personal';
alter table links add check (kind <> 'personal' or member_id is not null);

-- What an event says beyond its properties: amounts, currency, order, plan. Typed and judged before it is stored.
alter table events add column detail jsonb;
-- A member may have any number of other facts.
create index events_of_referee on events (tenant_id, member_id) where type in ('signed_up', 'first_value', 'plan_upgraded');

-- What else the visitor opened who signed up.
create index touches_of_one_visitor on touches (tenant_id, visitor_id, recorded_at) where kind = 'click' and counted and visitor_id is not null;

create table referrals (
  id text primary key check (id like 'ref\_%'),
  tenant_id text not null references tenants (id),
  program_id text not null,
  program_version integer not null,                        -- its reward terms, pinned at the sign-up
  referrer_id text not null,
  referee_id text not null,
  claim_id text not null,                                  -- what has the credit
  confidence text not null check (confidence in ('high', 'medium', 'low')),
  acquisition boolean not null,                            -- counts in the graph and in K
  state text not null default 'attributed' check (state in ('attributed', 'activated', 'qualified', 'rewarded', 'voided')),
  self_referral boolean not null default false,            -- found to be one person, also later
  under_review boolean not null default false,
  signed_up_at timestamptz not null,
  activated_at timestamptz,                                -- first value
  qualified_at timestamptz,                                -- first payment
  created_at timestamptz not null,
  moved_at timestamptz not null,
  unique (tenant_id, id),
  unique (tenant_id, program_id, referee_id),
  foreign key (tenant_id, program_id) references programs (tenant_id, id),
  foreign key (program_id, program_version) references program_versions (program_id, version),
  foreign key (tenant_id, referrer_id) references members (tenant_id, id),
  foreign key (tenant_id, referee_id) references members (tenant_id, id),
  check (referrer_id <> referee_id or self_referral)
);
create unique index referrals_acquisition on referrals (tenant_id, referee_id) where acquisition;
create index referrals_of_referee on referrals (tenant_id, referee_id);
create index referrals_of_referrer on referrals (tenant_id, referrer_id, program_id, created_at, id);
create index referrals_listed on referrals (tenant_id, created_at, id);
call protect_tenant_table('referrals');
grant select, insert on referrals to flywheel_app;
grant update (referrer_id, claim_id, confidence, acquisition, state, self_referral, under_review, activated_at, qualified_at, moved_at) on referrals to flywheel_app;

-- Everything that spoke for a referrer at a sign-up, with what became of it. The id is of the fact it stands for.
create table credit_claims (
  tenant_id text not null,
  referee_id text not null,
  id text not null,
  program_id text not null,
  referrer_id text not null,
  kind text not null,
  at timestamptz not null,
  outcome text not null check (outcome in ('credited', 'lost')),
  reason text,
  same_by text,
  to_claim_id text,
  decided_at timestamptz not null,
  primary key (tenant_id, referee_id, id),
  foreign key (tenant_id, referee_id) references members (tenant_id, id),
  foreign key (tenant_id, referrer_id) references members (tenant_id, id),
  foreign key (tenant_id, program_id) references programs (tenant_id, id),
  check ((outcome = 'lost') = (reason is not null))
);
call protect_tenant_table('credit_claims');
grant select, insert on credit_claims to flywheel_app;
grant update (outcome, reason, same_by, to_claim_id, decided_at) on credit_claims to flywheel_app;

-- One row a payment, whatever reported it. Its names (payment intent, invoice, order) are kept as aliases.
create table payments (
  id text primary key check (id like 'pay\_%'),
  tenant_id text not null references tenants (id),
  member_id text,                                          -- who paid; null until a conversion says so
  amount_minor bigint check (amount_minor > 0),            -- null until then, too: a refund may come first
  currency text check (currency ~ '^[A-Z]{3}$'),
  product text check (length(product) between 1 and 200),
  country text check (country ~ '^[A-Z]{2}$'),
  fingerprint_hash bytea check (length(fingerprint_hash) = 16), -- of the means of payment, keyed
  event_id text,
  paid_at timestamptz,
  merged_into text,                                        -- found to be another payment's alias
  created_at timestamptz not null,
  unique (tenant_id, id),
  foreign key (tenant_id, member_id) references members (tenant_id, id),
  foreign key (tenant_id, merged_into) references payments (tenant_id, id),
  check ((amount_minor is null) = (currency is null) and (amount_minor is null) = (paid_at is null) and (amount_minor is null) = (member_id is null))
);
create index payments_of_member on payments (tenant_id, member_id, paid_at) where member_id is not null;
create index payments_of_fingerprint on payments (tenant_id, fingerprint_hash) where fingerprint_hash is not null;
call protect_tenant_table('payments');
grant select, insert on payments to flywheel_app;
grant update (member_id, amount_minor, currency, product, country, fingerprint_hash, event_id, paid_at, merged_into) on payments to flywheel_app;

create table payment_names (
  tenant_id text not null,
  name text not null check (length(name) between 1 and 200),
  payment_id text not null,
  primary key (tenant_id, name),
  foreign key (tenant_id, payment_id) references payments (tenant_id, id)
);
create index on payment_names (payment_id);
call protect_tenant_table('payment_names');
grant select, insert on payment_names to flywheel_app;
grant update (payment_id) on payment_names to flywheel_app;

-- What was said of a payment afterwards; refunds are cumulative. Without an amount it is about all of the payment.
create table payment_changes (
  tenant_id text not null,
  event_id text not null,
  payment_id text not null,
  kind text not null check (kind in ('refunded', 'dispute_opened', 'dispute_won', 'dispute_lost')),
  amount_minor bigint check (amount_minor >= 0),
  currency text check (currency ~ '^[A-Z]{3}$'),           -- as it was told: a change in another currency than the payment's is none of it
  dispute_id text check (length(dispute_id) between 1 and 200),
  at timestamptz not null,
  primary key (tenant_id, event_id),
  foreign key (tenant_id, payment_id) references payments (tenant_id, id),
  check ((kind = 'refunded') = (dispute_id is null))
);
create index on payment_changes (payment_id);
call protect_tenant_table('payment_changes');
grant select, insert on payment_changes to flywheel_app;
grant update (payment_id) on payment_changes to flywheel_app;
