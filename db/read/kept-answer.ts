import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

/** Has a request with this Idempotency-Key been answered? Whether it was the same request is told when its answer is taken out. */
export async function isAnswerKept({ sql }: Tx, tenantId: TenantId, key: string): Promise<boolean> {
  return (await sql`select from idempotency where tenant_id = ${tenantId} and key = ${key}`).length === 1;
}
