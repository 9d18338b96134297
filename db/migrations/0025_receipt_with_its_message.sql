-- The vendor's words at the hand-off stand with the message they are about: one row to write where there were two.
-- Receipts keep what is reported later. The owner reads what it moves; nobody else can meanwhile.
alter table messages add column receipt text;
alter table messages no force row level security;
alter table receipts no force row level security;
update messages m set receipt = r.detail from receipts r
where r.kind = 'handed_off' and r.batch_id = m.batch_id and r.n = m.n and r.step = m.step and r.channel = m.channel;
delete from receipts where kind = 'handed_off';
alter table messages force row level security;
alter table receipts force row level security;
alter table receipts drop constraint receipts_kind_check1, add constraint receipts_kind_check check (kind in ('delivered', 'bounced', 'complained'));
