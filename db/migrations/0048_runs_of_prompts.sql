-- Which offer a run came of, so that an experiment's arm can be set against the run's end. An offer starts one run at most; after
-- 180 days it is gone, and its run knows of none.
alter table runs
  add column prompt_id text,
  add foreign key (tenant_id, prompt_id) references prompts (tenant_id, id) on delete set null (prompt_id),
  add check (prompt_id is null or program_id is not null);
create unique index runs_of_prompt on runs (tenant_id, prompt_id) where prompt_id is not null;

-- A run whose life ends by a failure begins again ever later: else it would fail each minute.
alter table runs
  add column lives_lost integer not null default 0 check (lives_lost >= 0), -- one soon after the other
  add column rests_until timestamptz;                                       -- so long it does not begin again; then it is asked after
create index runs_resting on runs (rests_until) where rests_until is not null and closed_at is null;
grant update (lives_lost, rests_until) on runs to flywheel_app;
grant select (stage, lives_lost, rests_until), update (lives_lost, rests_until) on runs to flywheel_relay;
