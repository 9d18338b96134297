import type { RunId, TenantId, TouchId } from '../../src/domain/ids.ts';
import type { LandingAnswer, ReportReason } from '../../src/domain/landing/answers.ts';
import type { Tx } from '../client.ts';
import { recordDecision } from './decide.ts';

/** `reason`: of a report, else null. */
export type GivenAnswer = {
  readonly tenantId: TenantId;
  readonly touchId: TouchId;
  readonly code: string;
  readonly runId: RunId;
  readonly answer: LandingAnswer;
  readonly reason: ReportReason | null;
  readonly now: number;
};

/** Keeps what was answered on a landing page: each answer of a visit once. Answers whether it is new. A report is a decision, too, for ops to look at. */
export async function keepLandingAnswer(tx: Tx, { tenantId, touchId, code, runId, answer, reason, now }: GivenAnswer): Promise<boolean> {
  const kept = await tx.sql`
    insert into landing_answers (tenant_id, touch_id, answer, code, run_id, reason, at)
    values (${tenantId}, ${touchId}, ${answer}, ${code}, ${runId}, ${reason}, ${now}) on conflict do nothing`;
  if (kept.count === 0) return false;
  if (answer === 'report') {
    await recordDecision(tx, { tenantId, subjectId: code, kind: 'link_reported', actor: 'visitor', now, rule: 'a reader of the landing page reported the invitation', inputs: { runId, touchId, reason } });
  }
  return true;
}
