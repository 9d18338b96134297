-- Two looks that each message cost twice over, at rows which its own transaction had in hand already. Decision 0036 says what holds instead.
-- A link's tenant: row-level security admits the session's tenant alone, and the invite or member it hangs on is looked at still.
alter table links drop constraint links_tenant_id_fkey;
-- A message's attempt: its claim wrote it, the invite bears it, and no role may remove one.
alter table messages drop constraint messages_attempt_id_fkey;
