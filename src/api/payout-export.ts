import { payoutsOfBatch, type PayoutView } from '../../db/read/payouts.ts';
import type { PayoutBatchId, TenantId } from '../domain/ids.ts';
import { csvLine } from '../domain/import/csv-cell.ts';
import { decimalText } from '../domain/money/decimal-text.ts';
import { isoOrNull } from './fields.ts';
import { shownPayee } from './payout-body.ts';
import type { Download } from './answer.ts';
import type { Services } from './services.ts';

const ROWS_AT_ONCE = 500;
/** Spreadsheets take a file without it for one of their own old encodings. */
const BYTE_ORDER_MARK = '\uFEFF';
const COLUMNS = ['payoutId', 'batchId', 'externalId', 'memberId', 'amount', 'currency', 'state', 'rail', 'payee', 'reference', 'reason', 'approvedAt', 'endedAt'] as const;

/** The payouts of a batch as CSV, read and written some hundred at a time. */
export function payoutsFile({ db, keyring }: Services, { tenantId, batchId }: { tenantId: TenantId; batchId: PayoutBatchId }): Download {
  const lineOf = (payout: PayoutView): string => csvLine([
    payout.id, payout.batchId, payout.externalId, payout.memberId, decimalText(payout.rewardsMinor - payout.nettedMinor, payout.unit), payout.unit, payout.state, payout.rail ?? '',
    payout.payeeSealed === null ? '' : shownPayee(keyring.open(tenantId, payout.payeeSealed)), payout.reference ?? '', payout.reason ?? '', isoOrNull(payout.approvedAt) ?? '', isoOrNull(payout.endedAt) ?? '',
  ]);
  return {
    kind: 'download',
    mediaType: 'text/csv; charset=utf-8',
    fileName: `${batchId}-payouts.csv`,
    async* pieces() {
      yield BYTE_ORDER_MARK + csvLine(COLUMNS);
      for (let after = ''; ;) {
        const rows = await db.asTenant(tenantId, (tx) => payoutsOfBatch(tx, tenantId, { batchId, after, limit: ROWS_AT_ONCE }));
        yield rows.map(lineOf).join('');
        after = rows.at(-1)?.id ?? after;
        if (rows.length < ROWS_AT_ONCE) return;
      }
    },
  };
}
