import type { KeyId } from '../../src/domain/ids.ts';
import type { Sql } from '../client.ts';

/** Revokes a key, as the owner: the next request with it is refused. Repeating it keeps the first time. */
export async function revokeKey(owner: Sql, keyId: KeyId, now: number): Promise<{ outcome: 'revoked' | 'already' | 'unknown' }> {
  const rows = await owner<{ first: boolean }[]>`
    with before as (select id, revoked_at from api_keys where id = ${keyId} for update)
    update api_keys k set revoked_at = coalesce(k.revoked_at, ${now}) from before where k.id = before.id
    returning before.revoked_at is null as first`;
  const [row] = rows;
  if (row === undefined) return { outcome: 'unknown' };
  return { outcome: row.first ? 'revoked' : 'already' };
}
