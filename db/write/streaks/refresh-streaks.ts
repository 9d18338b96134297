import type { TenantId } from '../../../src/domain/ids.ts';
import type { StreakKey } from '../../read/streak-facts.ts';
import type { Tx } from '../../client.ts';
import { lockStreaks, settleStreaks } from './settle-streaks.ts';

/** Nothing was told: only when it ends, and by whose clock, is worked out again. */
const NOTHING_TOLD = { practices: [], changedFrom: Number.POSITIVE_INFINITY };

/** Works out anew when these streaks end, by their members' clocks and the pauses and freezes there are now: for members whose zone changed. */
export async function refreshStreaks(tx: Tx, { tenantId, keys, now }: { tenantId: TenantId; keys: readonly StreakKey[]; now: number }): Promise<void> {
  if (keys.length === 0) return;
  const locked = await lockStreaks(tx, { tenantId, keys, now });
  await settleStreaks(tx, { tenantId, locked, toldOf: () => NOTHING_TOLD, now });
}

/**
 * The same for up to `limit` streaks that were last worked out before a pause of everybody was told of; answers how many there were. Call it until
 * there are fewer than `limit`, then sweep. What has ended by now stays as it is: a pause of everybody does not reach back.
 */
export async function refreshPaused(tx: Tx, { tenantId, now, limit }: { tenantId: TenantId; now: number; limit: number }): Promise<number> {
  const keys = await tx.sql<StreakKey[]>`
    select s.member_id as "memberId", s.streak from streaks s
    where s.tenant_id = ${tenantId} and s.expires_at > ${now}
      and s.worked_out_at < (select max(p.recorded_at) from streak_pauses p where p.tenant_id = ${tenantId} and p.member_id is null)
    order by s.member_id collate "C", s.streak collate "C" limit ${limit}`;
  await refreshStreaks(tx, { tenantId, keys, now });
  return keys.length;
}
