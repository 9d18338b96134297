import type { InviteRef, TenantId } from '../../src/domain/ids.ts';
import type { TestDatabase } from './database.ts';

/**
 * Puts an invite's message where the sender would have left it: `claimed` (on the wire, no record yet), `handed_off`
 * (its first reminder planned, if it has one) or `unknown` (its sender was lost).
 */
export async function arrangeMessage(database: TestDatabase, tenantId: TenantId, { batchId, n }: InviteRef, state: 'claimed' | 'handed_off' | 'unknown', now: number, providerMessageId: string | null = null): Promise<void> {
  await database.superuser.begin(async (sql) => {
    const [attempt] = await sql<{ id: number }[]>`
      insert into attempts (tenant_id, lane, epoch, batch_ids, ns, claimed_at) values (${tenantId}, 'email-0', 1, ${[batchId]}::text[], ${[n]}::smallint[], ${now}) returning id`;
    const attemptId = attempt?.id ?? 0;
    if (state === 'claimed') {
      await sql`update invites set attempt_id = ${attemptId} where batch_id = ${batchId} and n = ${n}`;
      return;
    }
    await sql`
      insert into messages (batch_id, n, step, channel, tenant_id, attempt_id, state, provider_message_id, recorded_at)
      values (${batchId}, ${n}, 0, 'email', ${tenantId}, ${attemptId}, ${state}, ${providerMessageId}, ${now})`;
    if (state === 'unknown') {
      await sql`update invites set state = 'unknown', step = null, due_at = ${now + 72 * 3_600_000}, attempt_id = ${attemptId} where batch_id = ${batchId} and n = ${n}`;
    } else {
      await sql`update invites set state = 'handed_off', step = 1, due_at = ${now + 72 * 3_600_000} where batch_id = ${batchId} and n = ${n}`;
    }
  });
}
