-- Caps count in spans: a date of the tenant's zone (2026-06-10) or an hour of UTC (2026-06-10T14). One that defers counts an
-- invite where it would leave, and the invite remembers where, so that a new plan can give the place back.
create table member_caps (
  tenant_id text not null references tenants (id),
  member_id text not null,
  bucket text not null check (bucket ~ '^\d{4}-\d\d-\d\d(T\d\d)?$'),
  used integer not null check (used >= 0),
  primary key (tenant_id, member_id, bucket),
  foreign key (tenant_id, member_id) references members (tenant_id, id)
);
call protect_tenant_table('member_caps');
grant select, insert, update on member_caps to flywheel_app;
insert into member_caps (tenant_id, member_id, bucket, used) select tenant_id, member_id, to_char(day, 'YYYY-MM-DD'), used from member_days;
drop table member_days;

alter table invites add cap_bucket text;

-- What a tenant sets for all its programs: its own cap, messages a recipient gets a day, unanswered ones, how far law reaches.
alter table tenants add limits jsonb not null default '{}';
grant update (limits) on tenants to flywheel_app;

-- Where a recipient may be (ISO 3166-1 or -2): law is chosen by it. A member's is certain, a contact's are candidates.
alter table contacts add places text[] not null default '{}';
alter table members add place text check (place ~ '^[A-Z]{2}(-[A-Z0-9]{1,3})?$');

-- Spans that are over count nothing any more.
create policy relay_purges on member_caps to flywheel_relay using (true);
grant select (bucket), delete on member_caps to flywheel_relay;
