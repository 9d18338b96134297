-- The law as data: each edition that was published, numbered as it came. The newest is in force, for all tenants alike.
-- Only the owner publishes; what was published stays, since plans name its rules.
create table law_books (
  version integer primary key check (version > 0),
  edition text not null check (length(edition) between 1 and 40),
  book jsonb not null,
  published_at timestamptz not null,
  published_by text not null check (length(published_by) between 1 and 100)
);
grant select on law_books to flywheel_app;

create function refuse_change() returns trigger
  language plpgsql
  as $$ begin raise exception '% is kept as it was written: publish a new edition instead', tg_table_name; end $$;
create trigger kept_as_written before update or delete or truncate on law_books
  for each statement execute function refuse_change();
