-- A one-time page tells the story of an invite or of a referral.
alter table explain_links alter column batch_id drop not null, alter column n drop not null, add column referral_id text;
alter table explain_links add foreign key (tenant_id, referral_id) references referrals (tenant_id, id);
alter table explain_links add check (num_nonnulls(batch_id, n, referral_id) = case when referral_id is null then 2 else 1 end);
