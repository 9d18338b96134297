import { inviteDefinition } from '../../workflows/invite/definition.ts';
import { randomBytes } from 'node:crypto';
import { newId } from '../../src/config/new-id.ts';
import type { BatchId, TenantId } from '../../src/domain/ids.ts';
import type { TestDatabase } from './database.ts';

export type ArrangedInvites = { batchId: BatchId; recipientHash: Buffer };

/** Puts one batch of waiting invites, all to one recipient, into the tables as they are: for what happens after accepting. */
export async function arrangeInvites(database: TestDatabase, tenantId: TenantId, now: number, count = 1, recipientHash: Buffer = randomBytes(16)): Promise<ArrangedInvites> {
  const [programId, batchId, contactId] = [newId('prg', now), newId('bat', now), newId('cnt', now)];
  const later = now + 3_600_000;
  await database.superuser.begin(async (sql) => {
    await sql`
      insert into programs (id, tenant_id, loop, title, created_at, updated_at) values (${programId}, ${tenantId}, 'invite', 'Test', ${now}, ${now})`;
    await sql`insert into program_versions (program_id, version, tenant_id, title, terms, created_at) values (${programId}, 1, ${tenantId}, 'Test', ${JSON.stringify(inviteDefinition.defaultTerms)}, ${now})`;
    await sql`
      insert into contacts (id, tenant_id, email_hash, email_sealed, created_at) values (${contactId}, ${tenantId}, ${recipientHash}, ${randomBytes(8)}, ${now})
      on conflict (tenant_id, email_hash) do nothing`;
    await sql`
      insert into invite_batches (id, tenant_id, program_id, program_version, invite_count, expires_at, created_at)
      values (${batchId}, ${tenantId}, ${programId}, 1, ${count}, ${later + 1}, ${now})`;
    await sql`insert into batch_lanes (batch_id, channel, tenant_id, lane, next_due_at) values (${batchId}, 'email', ${tenantId}, 'email-0', ${later})`;
    await sql`
      insert into invites (batch_id, n, tenant_id, recipient_hash, contact_id, state, step, due_at)
      select ${batchId}, n, ${tenantId}, ${recipientHash}, (select id from contacts where tenant_id = ${tenantId} and email_hash = ${recipientHash}), 'waiting', 0, ${later}
      from generate_series(0, ${count - 1}) as n`;
  });
  return { batchId, recipientHash };
}
