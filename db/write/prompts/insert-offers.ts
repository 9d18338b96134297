import type { TenantId } from '../../../src/domain/ids.ts';
import type { Tx } from '../../client.ts';
import type { PromptView } from '../../read/prompts.ts';

/** An offer as it is kept. Instants in epoch ms. */
export type NewOffer = Pick<PromptView, 'id' | 'memberId' | 'programId' | 'programVersion' | 'moment' | 'momentId' | 'variant' | 'words' | 'decidedAt' | 'expiresAt'>;

/** Keeps offers, in one statement, however many: their ids. */
export function insertOffers({ sql }: Tx, tenantId: TenantId, offers: readonly NewOffer[], onConflict = sql``) {
  return sql<Pick<NewOffer, 'id'>[]>`
    insert into prompts (id, tenant_id, member_id, program_id, program_version, moment, moment_id, variant, words, decided_at, expires_at)
    select n.id, ${tenantId}, n.member_id, n.program_id, n.program_version, n.moment, n.moment_id, n.variant, n.words, n.decided_at, n.expires_at
    from unnest(
      ${offers.map(({ id }) => id)}::text[], ${offers.map(({ memberId }) => memberId)}::text[], ${offers.map(({ programId }) => programId)}::text[], ${offers.map(({ programVersion }) => programVersion)}::int[],
      ${offers.map(({ moment }) => moment)}::text[], ${offers.map(({ momentId }) => momentId)}::text[], ${offers.map(({ variant }) => variant)}::text[], ${offers.map(({ words }) => JSON.stringify(words))}::jsonb[],
      ${offers.map(({ decidedAt }) => decidedAt)}::timestamptz[], ${offers.map(({ expiresAt }) => expiresAt)}::timestamptz[]
    ) as n (id, member_id, program_id, program_version, moment, moment_id, variant, words, decided_at, expires_at)
    ${onConflict} returning id`;
}
