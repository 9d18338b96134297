-- What the deployment's secret makes of a fixed text: a process started with another secret would hash every address anew, and
-- no opt-out would match any more. Written by the first that starts, compared by all others; tells nothing of the secret.
create table secret_checks (
  one boolean primary key default true check (one),
  value bytea not null check (length(value) = 16)
);
grant select, insert on secret_checks to flywheel_app;

-- Answers hold addresses and tokens: they are kept sealed. Those kept in clear go; their requests were answered.
delete from idempotency;
alter table idempotency drop body, add body_sealed bytea not null;
