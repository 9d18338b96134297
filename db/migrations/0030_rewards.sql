-- What is earned, and the books. A reward's row says how it stands; the transfers say how it came to that, and are never changed.
create table tenant_units (
  tenant_id text not null references tenants (id),
  unit text not null check (unit ~ '^[a-z][a-z0-9_]{0,29}$'),
  title text not null check (length(title) between 1 and 60),
  created_at timestamptz not null,
  primary key (tenant_id, unit)
);
call protect_tenant_table('tenant_units');
grant select, insert on tenant_units to flywheel_app;
grant update (title) on tenant_units to flywheel_app;

create table rewards (
  id text primary key check (id like 'rew\_%'),
  tenant_id text not null references tenants (id),
  program_id text not null,
  program_version integer not null,
  referral_id text,                                        -- null: a milestone's
  member_id text not null,
  key text not null check (length(key) between 1 and 400), -- of business facts alone; with the generation: what is given once
  generation smallint not null check (generation >= 0),
  rule_key text not null,
  side text not null check (side in ('referrer', 'referee')),
  unit text not null check (unit ~ '^([A-Z]{3}|[a-z][a-z0-9_]{0,29})$'),
  granted_minor bigint not null check (granted_minor > 0),
  taken_back_minor bigint not null default 0 check (taken_back_minor between 0 and granted_minor),
  state text not null check (state in ('held', 'released', 'redeemed', 'paid', 'voided', 'expired', 'reversed')),
  paused_by text check (paused_by in ('dispute', 'review')),
  reason text,                                             -- why it is paused or was taken back
  earned_at timestamptz not null,
  hold_until timestamptz not null,                         -- the truth about its hold
  expires_at timestamptz,
  payout_id text,                                          -- it stands in this payout
  created_at timestamptz not null,
  moved_at timestamptz not null,
  unique (tenant_id, id),
  unique (tenant_id, key, generation),
  foreign key (tenant_id, program_id) references programs (tenant_id, id),
  foreign key (tenant_id, referral_id) references referrals (tenant_id, id),
  foreign key (tenant_id, member_id) references members (tenant_id, id),
  check ((state in ('voided', 'reversed')) = (taken_back_minor = granted_minor))
);
create index rewards_of_member on rewards (tenant_id, member_id, id);
create index rewards_of_referral on rewards (referral_id) where referral_id is not null;
create index rewards_of_milestones on rewards (tenant_id, program_id, member_id) where referral_id is null;
create index rewards_held on rewards (tenant_id, hold_until) where state = 'held' and paused_by is null;
create index rewards_expiring on rewards (tenant_id, expires_at) where state = 'released' and expires_at is not null;
create index rewards_payable on rewards (tenant_id, unit, member_id) where state = 'released' and payout_id is null and paused_by is null;
call protect_tenant_table('rewards');
grant select, insert on rewards to flywheel_app;
grant update (taken_back_minor, state, paused_by, reason, hold_until, expires_at, payout_id, moved_at) on rewards to flywheel_app;

-- What was not given, and why: never silence.
create table reward_refusals (
  tenant_id text not null,
  key text not null,
  program_id text not null,
  referral_id text,
  member_id text not null,
  rule_key text not null,
  side text not null check (side in ('referrer', 'referee')),
  reason text not null,
  detail text not null,
  earned_at timestamptz not null,
  at timestamptz not null,
  primary key (tenant_id, key),
  foreign key (tenant_id, referral_id) references referrals (tenant_id, id),
  foreign key (tenant_id, program_id) references programs (tenant_id, id),
  foreign key (tenant_id, member_id) references members (tenant_id, id)
);
create index reward_refusals_listed on reward_refusals (tenant_id, at, key);
create index reward_refusals_of_member on reward_refusals (tenant_id, member_id, at);
create index reward_refusals_of_referral on reward_refusals (referral_id) where referral_id is not null;
call protect_tenant_table('reward_refusals');
grant select, insert, delete on reward_refusals to flywheel_app;
grant update (reason, detail, at) on reward_refusals to flywheel_app;

-- How much of a cap is used; the key names person, rule, span and what is counted.
create table reward_caps (
  tenant_id text not null,
  program_id text not null,
  key text not null,
  used bigint not null check (used >= 0),
  primary key (program_id, key),
  foreign key (tenant_id, program_id) references programs (tenant_id, id)
);
call protect_tenant_table('reward_caps');
grant select, insert on reward_caps to flywheel_app;
grant update (used) on reward_caps to flywheel_app;

-- What a program has of a unit: reserved while held, confirmed once released. No burst overspends it.
create table reward_budgets (
  tenant_id text not null,
  program_id text not null,
  unit text not null,
  total_minor bigint check (total_minor >= 0),             -- null: not limited
  reserved_minor bigint not null default 0 check (reserved_minor >= 0),
  confirmed_minor bigint not null default 0 check (confirmed_minor >= 0),
  primary key (program_id, unit),
  foreign key (tenant_id, program_id) references programs (tenant_id, id)
);
call protect_tenant_table('reward_budgets');
grant select, insert on reward_budgets to flywheel_app;
grant update (total_minor, reserved_minor, confirmed_minor) on reward_budgets to flywheel_app;

-- Accounts by owner and unit. The balance (credits less debits) is kept with each transfer; which may be below 0 is the rule's.
create table accounts (
  id bigint generated always as identity,
  tenant_id text not null references tenants (id),
  kind text not null,
  owner_id text not null,                                  -- a program's or member's; empty: the tenant's
  unit text not null,
  may_be_negative boolean not null,
  balance_minor bigint not null default 0 check (balance_minor between -9007199254740991 and 9007199254740991),
  primary key (id),
  unique (tenant_id, owner_id, kind, unit),
  unique (tenant_id, id, unit),
  check (may_be_negative or balance_minor >= 0),
  check (may_be_negative = (kind in ('program_budget', 'member_clawback', 'member_unsettled')))
) with (fillfactor = 70);                                  -- balances move often: room for the next version beside the last
call protect_tenant_table('accounts');
grant select, insert on accounts to flywheel_app;
grant update (balance_minor) on accounts to flywheel_app;

-- A tenant's books have one order: whoever books takes the next places, and others wait until it has committed.
create table ledgers (
  tenant_id text primary key references tenants (id),
  last_sequence bigint not null default 0 check (last_sequence >= 0),
  sealed_through bigint not null default 0 check (sealed_through between 0 and last_sequence)
) with (fillfactor = 20);
call protect_tenant_table('ledgers');
grant select, insert on ledgers to flywheel_app;
grant update (last_sequence, sealed_through) on ledgers to flywheel_app;

-- Whose books have something to seal: the run that seals works for one tenant at a time and must know that there are others.
create policy owner_looks on ledgers for select to current_user using (true);
create function ledgers_to_seal(after text, most integer) returns setof text
  language sql stable security definer set search_path = public, pg_temp
  as $$ select l.tenant_id from ledgers l where l.tenant_id > after and l.last_sequence > l.sealed_through order by l.tenant_id limit most $$;
revoke all on function ledgers_to_seal from public;
grant execute on function ledgers_to_seal to flywheel_app;

create table transfers (
  tenant_id text not null,
  sequence bigint not null check (sequence > 0),
  id text not null check (id ~ '^[A-Za-z0-9_.:-]{1,80}$'), -- of the business fact it books: it is booked once
  debit_account_id bigint not null,
  credit_account_id bigint not null,
  unit text not null,
  amount_minor bigint not null check (amount_minor between 1 and 9007199254740991),
  reward_id text,
  payout_id text,
  move text not null,
  booked_at timestamptz not null,
  primary key (tenant_id, sequence),
  unique (tenant_id, id),
  foreign key (tenant_id, debit_account_id, unit) references accounts (tenant_id, id, unit),
  foreign key (tenant_id, credit_account_id, unit) references accounts (tenant_id, id, unit),
  foreign key (tenant_id, reward_id) references rewards (tenant_id, id),
  check (debit_account_id <> credit_account_id)
);
create index transfers_of_reward on transfers (reward_id, sequence) where reward_id is not null;
create index transfers_of_payout on transfers (payout_id, sequence) where payout_id is not null;
create index transfers_by_time on transfers using brin (booked_at); -- for statements; it costs a booking next to nothing
create index transfers_debit on transfers (debit_account_id, sequence);
create index transfers_credit on transfers (credit_account_id, sequence);
call protect_tenant_table('transfers');
grant select, insert on transfers to flywheel_app;

-- Insert-only for everybody, the owner included.
create function keep_as_booked() returns trigger
  language plpgsql
  as $$ begin raise exception '% is insert-only: what was wrong is set right by another row', tg_table_name using errcode = 'restrict_violation'; end $$;
create trigger kept_as_booked before update or delete or truncate on transfers
  for each statement execute function keep_as_booked();

-- Committed transfers, hashed into a chain: what was booked can be shown to be what stands there now.
create table ledger_blocks (
  tenant_id text not null references tenants (id),
  number bigint not null check (number > 0),
  first_sequence bigint not null,
  last_sequence bigint not null,
  previous_hash bytea not null check (length(previous_hash) = 32),
  hash bytea not null check (length(hash) = 32),
  sealed_at timestamptz not null,
  primary key (tenant_id, number),
  unique (tenant_id, first_sequence),
  check (last_sequence >= first_sequence)
);
call protect_tenant_table('ledger_blocks');
grant select, insert on ledger_blocks to flywheel_app;
create trigger kept_as_booked before update or delete or truncate on ledger_blocks
  for each statement execute function keep_as_booked();
