import type { TenantId } from '../../../src/domain/ids.ts';
import { pointsIn, SCORING_EVENT } from '../../../src/domain/rally/score-fact.ts';
import type { Tx } from '../../client.ts';
import type { EventRow } from '../write-events.ts';
import { scoreBoards, type Scored } from './score-boards.ts';

/** Facts that were just stored: those by which members score go to their boards. An app may say of which run alone it speaks. */
export async function scoreFacts(tx: Tx, { tenantId, rows, now }: { tenantId: TenantId; rows: readonly EventRow[]; now: number }): Promise<void> {
  await scoreBoards(tx, {
    tenantId, now,
    scored: rows.flatMap(({ fact: { type, occurredAt, properties }, memberId }): Scored[] => {
      if (type !== SCORING_EVENT || memberId === null) return [];
      const { runId } = properties;
      return [{ personId: memberId, runId: typeof runId === 'string' ? runId : null, points: pointsIn(properties), at: occurredAt }];
    }),
  });
}
