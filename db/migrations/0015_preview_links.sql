-- A page that shows a preview, by a token of which only the hash is kept. What is to be shown may name a person, so it is
-- sealed; nothing is left of a link once it has expired.
create table preview_links (
  token_hash bytea primary key check (length(token_hash) = 32),
  tenant_id text not null references tenants (id),
  program_id text not null,
  request_sealed bytea not null,
  expires_at timestamptz not null,
  foreign key (tenant_id, program_id) references programs (tenant_id, id)
);
create index on preview_links (expires_at);
call protect_tenant_table('preview_links');
grant select, insert on preview_links to flywheel_app;
create policy relay_purges on preview_links to flywheel_relay using (true);
grant select (expires_at), delete on preview_links to flywheel_relay;
