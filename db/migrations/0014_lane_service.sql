-- Which build of the worker served a lane last, when, and how far that machine was ahead of the database's clock: what an
-- operator asks first when an old worker runs beside a new one. Written with every turn, by the fence.
alter table lanes
  add column served_by text check (length(served_by) between 1 and 100),
  add column served_at timestamptz,
  add column clock_skew_ms bigint,
  add check ((served_by is null) = (served_at is null));
