import type { MemberId, RunId, TenantId } from '../../src/domain/ids.ts';
import { bytesArray } from '../array-params.ts';
import type { Tx } from '../client.ts';
import { gameColumns, readPlays, type GameView } from './play-page.ts';

/** A game as the member sees it for whom its run was started, and who answers the same questions, once. */
export type MemberPlayView = GameView & {
  memberId: MemberId;
  externalId: string;
  locale: string | null;
};

/** The member's own game of a run; null where the run has no questions or no member. */
export async function readMemberPlay(tx: Tx, { tenantId, runId, now }: { tenantId: TenantId; runId: RunId; now: number }): Promise<MemberPlayView | null> {
  const [row] = await tx.sql<Omit<MemberPlayView, 'plays' | 'rounds'>[]>`
    select m.id as "memberId", m.external_id as "externalId", coalesce(m.locale, c.locale) as locale, ${gameColumns(tx, now)}, coalesce(m.zone, t.zone) as zone
    from runs r join decks d on d.tenant_id = r.tenant_id and d.run_id = r.id join tenants t on t.id = r.tenant_id
    join members m on m.tenant_id = r.tenant_id and m.id = r.member_id left join contacts c on c.id = m.contact_id
    where r.tenant_id = ${tenantId} and r.id = ${runId}`;
  return row === undefined ? null : { ...row, rounds: 1, plays: await readPlays(tx, tenantId, row.runId, row.memberId) };
}

/** Is the guest of one of these tokens in this run? */
export async function isGuestOfRun({ sql }: Tx, { tenantId, runId, tokenHashes }: { tenantId: TenantId; runId: RunId; tokenHashes: readonly Uint8Array[] }): Promise<boolean> {
  if (tokenHashes.length === 0) return false;
  const rows = await sql`select 1 from guests where tenant_id = ${tenantId} and run_id = ${runId} and token_hash = any(${bytesArray(tokenHashes)}::bytea[]) limit 1`;
  return rows.length > 0;
}
