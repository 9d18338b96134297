import { PAYOUT_OUTCOMES, PAYOUT_STAGES } from '../../../src/domain/payout/look.ts';
import type { RunDefinition } from '../../kit/run-definition.ts';

/** A payout's run as data. `payout_moved`: something changed its row; `look`: somebody wants it looked at now; `resend`: a rail without a list is to be told again. */
export const payoutRun = {
  key: 'payout',
  stages: PAYOUT_STAGES,
  facts: { payout_moved: {}, look: {}, resend: {} },
  outcomes: PAYOUT_OUTCOMES,
} as const satisfies RunDefinition;
