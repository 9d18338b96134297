import type { TenantId } from '../../src/domain/ids.ts';
import type { Tx } from '../client.ts';

type Fragment = ReturnType<Tx['sql']>;

/** How many messages to a recipient (`hash`) left since an instant, may have left or are on the wire: an expression. */
export function messagesSince({ sql }: Tx, { tenantId, hash, since }: { tenantId: TenantId; hash: Fragment; since: Fragment }): Fragment {
  return sql`((
      select count(*) from invites i join messages m on m.batch_id = i.batch_id and m.n = i.n
      where i.tenant_id = ${tenantId} and i.recipient_hash = ${hash} and m.state in ('handed_off', 'unknown', 'unknown_expired') and m.recorded_at >= ${since}
    ) + (
      select count(*) from invites i where i.tenant_id = ${tenantId} and i.recipient_hash = ${hash} and i.attempt_id is not null and i.state <> 'unknown'
    ))`;
}
