-- Money out. A batch collects released rewards; each of its payouts then has a life of its own, as a run.

-- How a tenant pays. Open payouts stay with the rail they were approved for, so each kind keeps its row.
create table payout_rails (
  tenant_id text not null references tenants (id),
  kind text not null check (kind in ('manual', 'own_system', 'transfers_api')),
  url text check (length(url) between 1 and 2000),
  secret_sealed bytea,
  chosen boolean not null,
  changed_at timestamptz not null,
  primary key (tenant_id, kind),
  check ((kind = 'manual') = (url is null) and (url is null) = (secret_sealed is null))
);
create unique index payout_rails_chosen on payout_rails (tenant_id) where chosen;
call protect_tenant_table('payout_rails');
grant select, insert on payout_rails to flywheel_app;
grant update (url, secret_sealed, chosen, changed_at) on payout_rails to flywheel_app;

-- Where a member is paid: opaque to us, never shown back whole.
create table payees (
  tenant_id text not null,
  member_id text not null,
  details_sealed bytea not null,
  changed_at timestamptz not null,
  primary key (tenant_id, member_id),
  foreign key (tenant_id, member_id) references members (tenant_id, id)
);
call protect_tenant_table('payees');
grant select, insert, delete on payees to flywheel_app;
grant update (details_sealed, changed_at) on payees to flywheel_app;

create table payout_batches (
  id text primary key check (id like 'pbt\_%'),
  tenant_id text not null references tenants (id),
  unit text not null check (unit ~ '^[A-Z]{3}$'),
  cut_off timestamptz not null,                            -- rewards whose hold was over by then
  minimum_minor bigint not null check (minimum_minor >= 0),
  state text not null check (state in ('created', 'approved', 'canceled')),
  created_at timestamptz not null,
  created_by text not null,
  decided_at timestamptz,                                  -- approved or canceled
  decided_by text,
  unique (tenant_id, id),
  check ((state = 'created') = (decided_at is null) and (decided_at is null) = (decided_by is null))
);
create index payout_batches_listed on payout_batches (tenant_id, id);
call protect_tenant_table('payout_batches');
grant select, insert on payout_batches to flywheel_app;
grant update (state, decided_at, decided_by) on payout_batches to flywheel_app;

-- Left out of one batch by somebody's word.
create table payout_exclusions (
  tenant_id text not null,
  batch_id text not null,
  member_id text not null,
  reason text check (length(reason) between 1 and 500),
  actor text not null,
  at timestamptz not null,
  primary key (batch_id, member_id),
  foreign key (tenant_id, batch_id) references payout_batches (tenant_id, id),
  foreign key (tenant_id, member_id) references members (tenant_id, id)
);
call protect_tenant_table('payout_exclusions');
grant select, insert on payout_exclusions to flywheel_app;

create table payouts (
  id text primary key check (id like 'pyt\_%'),
  tenant_id text not null references tenants (id),
  batch_id text not null,
  member_id text not null,
  unit text not null check (unit ~ '^[A-Z]{3}$'),
  state text not null check (state in ('created', 'approved', 'sending', 'unknown', 'sent', 'completed', 'failed', 'canceled')),
  rewards_minor bigint not null check (rewards_minor >= 0), -- of its rewards, all together; fixed when it is approved
  netted_minor bigint not null default 0 check (netted_minor >= 0), -- of it: kept back for what the member owes
  taken_back_minor bigint not null default 0 check (taken_back_minor >= 0), -- of its rewards, while it was under way; settled at its end
  rail text check (rail in ('manual', 'own_system', 'transfers_api')),
  payee_sealed bytea,                                      -- where it goes, as it was when approved: a repeat must ask for the same
  idempotency_key text check (length(idempotency_key) between 1 and 255), -- by which the rail knows it; stored before the first call
  key_at timestamptz,                                      -- when the key was first used
  claimed_at timestamptz,                                  -- when it was handed over last
  hand_overs integer not null default 0 check (hand_overs >= 0),
  unsure_at timestamptz,                                   -- since then a hand-over may have arrived, and nobody knows
  provider_ref text check (length(provider_ref) between 1 and 200),
  reason text,                                             -- a code: why it failed, waits or was canceled
  detail text check (length(detail) <= 500),               -- the rail's words, without what could name anybody
  created_at timestamptz not null,
  approved_at timestamptz,
  sent_at timestamptz,
  ended_at timestamptz,
  moved_at timestamptz not null,
  unique (tenant_id, id),
  unique (tenant_id, idempotency_key),
  unique (batch_id, member_id),
  foreign key (tenant_id, batch_id) references payout_batches (tenant_id, id),
  foreign key (tenant_id, member_id) references members (tenant_id, id),
  check (netted_minor <= rewards_minor),
  check ((state in ('completed', 'failed', 'canceled')) = (ended_at is not null)),
  check (state not in ('approved', 'sending', 'unknown', 'sent', 'completed') or (approved_at is not null and rail is not null)),
  check (state not in ('sending', 'unknown', 'sent') or (idempotency_key is not null and rewards_minor > netted_minor)),
  check ((idempotency_key is null) = (key_at is null) and (key_at is null) = (claimed_at is null))
);
create index payouts_listed on payouts (tenant_id, id);
create index payouts_of_member on payouts (tenant_id, member_id, id);
create index payouts_open on payouts (tenant_id, rail) where state in ('approved', 'sending', 'unknown', 'sent');
call protect_tenant_table('payouts');
grant select, insert on payouts to flywheel_app;
grant update (state, rewards_minor, netted_minor, taken_back_minor, rail, payee_sealed, idempotency_key, key_at, claimed_at, hand_overs, unsure_at, provider_ref, reason, detail, approved_at, sent_at, ended_at, moved_at) on payouts to flywheel_app;

-- Only the moves that src/domain/payout allows; sums stand from the approval on, and so does the key once it is used.
create function payout_may_move() returns trigger
  language plpgsql
  as $$
begin
  if old.state <> new.state and not (old.state || ' ' || new.state) = any (array[
    'created approved', 'created canceled',
    'approved sending', 'approved completed', 'approved canceled',
    'sending sent', 'sending completed', 'sending failed', 'sending unknown', 'sending approved',
    'unknown sending', 'unknown sent', 'unknown completed', 'unknown failed',
    'sent completed', 'sent failed']) then
    raise exception 'a payout does not go from % to %', old.state, new.state using errcode = 'restrict_violation';
  end if;
  if old.state <> 'created' and (old.rewards_minor, old.netted_minor, old.rail) is distinct from (new.rewards_minor, new.netted_minor, new.rail) then
    raise exception 'the sums of a payout are fixed when it is approved' using errcode = 'restrict_violation';
  end if;
  -- Counted from earlier it is over sooner, which is safe; from later it would be trusted too long.
  if old.idempotency_key is not null and (old.idempotency_key is distinct from new.idempotency_key or new.key_at is null or new.key_at > old.key_at) then
    raise exception 'a payout has one key, ever' using errcode = 'restrict_violation';
  end if;
  return new;
end $$;
create trigger payouts_move before update on payouts for each row execute function payout_may_move();

-- What a payout was made of, also after it failed and its rewards went into another. amount_minor: what was left of the
-- reward when it was collected, then when it was approved.
create table payout_rewards (
  tenant_id text not null,
  payout_id text not null,
  reward_id text not null,
  amount_minor bigint not null check (amount_minor >= 0),
  primary key (payout_id, reward_id),
  foreign key (tenant_id, payout_id) references payouts (tenant_id, id),
  foreign key (tenant_id, reward_id) references rewards (tenant_id, id)
);
create index on payout_rewards (reward_id);
call protect_tenant_table('payout_rewards');
grant select, insert on payout_rewards to flywheel_app;
grant update (amount_minor) on payout_rewards to flywheel_app;

-- A reward stands in one payout at most: it has one place for it.
alter table rewards add foreign key (tenant_id, payout_id) references payouts (tenant_id, id);
create index rewards_of_payout on rewards (payout_id) where payout_id is not null;
alter table transfers add foreign key (tenant_id, payout_id) references payouts (tenant_id, id);
