-- A notice tells a member of a step: a batch of one to the member's own contact, which leaves as any message does and invites nobody.
alter table invite_batches
  add column notice text check (notice ~ '^[a-z][a-z0-9_]{0,39}$'),      -- which words it has
  add column notice_values jsonb,                                          -- figures, dates and codes; nothing of a person
  add column notice_key text check (length(notice_key) between 1 and 250), -- of the business fact it tells of: told once
  add column notice_fold text check (length(notice_fold) between 1 and 200), -- program, member, kind and hour: one of them an hour
  add check ((notice is null) = (notice_values is null) and (notice is null) = (notice_key is null) and (notice is null) = (notice_fold is null)),
  add check (notice is null or (member_id is null and invite_count = 1));
create unique index invite_batches_notice on invite_batches (tenant_id, notice_key) where notice_key is not null;
create unique index invite_batches_fold on invite_batches (tenant_id, notice_fold) where notice_fold is not null;
