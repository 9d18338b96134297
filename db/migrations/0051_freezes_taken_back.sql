-- A freeze that was given for a reward that is taken back is taken back, too: a grant below zero, from its instant on. What it had covered stays covered.
alter table streak_grants drop constraint streak_grants_count_check, add check (count <> 0 and count between -1000 and 1000);
