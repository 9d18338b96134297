-- A refund that failed is a fact of its own, and what was given back is read from all of them by their times: whatever comes late finds its place.
alter table payment_changes add column refund_id text check (length(refund_id) between 1 and 200); -- of one that failed: it does so once
alter table payment_changes add column before_minor bigint check (before_minor >= 0);              -- what was given back before, where its teller says so
alter table payment_changes drop constraint payment_changes_kind_check,
  add constraint payment_changes_kind_check check (kind in ('refunded', 'refund_failed', 'dispute_opened', 'dispute_won', 'dispute_lost'));
alter table payment_changes drop constraint payment_changes_check,
  add check ((kind like 'dispute%') = (dispute_id is not null)),
  add check ((kind = 'refund_failed') = (refund_id is not null) and (kind <> 'refund_failed' or amount_minor is not null)),
  add check (before_minor is null or kind = 'refunded');

-- Indexes that cost every row and lead nowhere another does not. An id begins with the instant at which it was made: the key that foreign keys
-- need lists payouts, batches and referrals by time. A referee has one referral of acquisition, under its unique key, and seldom another.
drop index payouts_listed;
drop index payout_batches_listed;
drop index referrals_listed;
drop index referrals_of_referee;
create index referrals_beside_acquisition on referrals (tenant_id, referee_id) where not acquisition;
drop index referrals_of_referrer;
create index referrals_of_referrer on referrals (tenant_id, referrer_id, program_id);
