-- Members' and programs' ids are the whole product's own. A tenant in front of them made each entry longer, and let a plan that was made for a few offers look for one among all of its tenant's.
drop index prompts_of_member, prompts_of_program;
create index prompts_of_member on prompts (member_id, decided_at);
create index prompts_of_program on prompts (program_id, decided_at);
alter table prompts drop constraint prompts_tenant_id_member_id_moment_moment_id_key, add unique (member_id, moment, moment_id);
