import { newId } from '../../src/config/new-id.ts';
import type { PromptId, TenantId } from '../../src/domain/ids.ts';
import { asId } from '../../src/domain/ids.ts';
import type { TestDatabase } from './database.ts';

/** An offer as it stands after it was made, whatever the loop. Returns its id. */
export async function offerTo(database: TestDatabase, { tenantId, memberId, programId, now }: { tenantId: TenantId; memberId: string; programId: string; now: number }): Promise<PromptId> {
  const id = newId('prm', now);
  await database.app.asTenant(tenantId, (tx) => tx.sql`
    insert into prompts (id, tenant_id, member_id, program_id, program_version, moment, moment_id, variant, words, decided_at, expires_at)
    values (${id}, ${tenantId}, ${asId('mbr', memberId)}, ${asId('prg', programId)}, 1, 'practice_completed', ${id}, 'default', '{"title": "T", "body": "B", "accept": "Yes", "dismiss": "No"}', ${now}, ${now + 1_800_000})`);
  return id;
}
