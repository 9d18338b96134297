import type { MemberId, RunId, TenantId } from '../../../src/domain/ids.ts';
import { cleanLine } from '../../../src/domain/message/clean-text.ts';
import { drawName } from '../../../src/domain/rally/anonymous-name.ts';
import type { Tx } from '../../client.ts';
import { boardEntries, boards } from '../../schema/rally.ts';

/** `title`: of the cohort, as the app says it; `endsAt`: epoch ms; `pointsPerRight`: of the placement quiz. */
export type BoardToOpen = { readonly tenantId: TenantId; readonly runId: RunId; readonly memberId: MemberId; readonly title: string; readonly endsAt: number; readonly pointsPerRight: number; readonly now: number };

const LONGEST_TITLE = 100;

/** Opens the board of a run that has just begun, with its member on it: one, and it stays. */
export async function openBoard(tx: Tx, { tenantId, runId, memberId, title, endsAt, pointsPerRight, now }: BoardToOpen): Promise<void> {
  const shown = cleanLine(title, LONGEST_TITLE);
  await tx.orm.insert(boards).values({ tenantId, runId, title: shown === '' ? runId : shown, endsAt, pointsPerRight, createdAt: now }).onConflictDoNothing();
  await tx.orm.insert(boardEntries).values({ tenantId, runId, personId: memberId, nameDrawn: drawName(runId, memberId), score: 0, achievedAt: now, joinedAt: now }).onConflictDoNothing();
}
