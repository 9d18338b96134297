import { listTransfers, type TransferView } from '../../db/read/ledger.ts';
import { sayTransfer } from '../domain/ledger/say-transfer.ts';
import { csvLine, type DecimalCell } from '../domain/import/csv-cell.ts';
import type { MemberId, TenantId } from '../domain/ids.ts';
import { decimalText } from '../domain/money/decimal-text.ts';
import { iso } from './fields.ts';
import type { Download } from './answer.ts';
import type { Services } from './services.ts';
import { statementLine, type Span, type Standing, type UnitStanding } from './statement-body.ts';

const ROWS_AT_ONCE = 500;
/** Spreadsheets take a file without it for one of their own old encodings. */
const BYTE_ORDER_MARK = '\uFEFF';

type Cells = readonly (string | DecimalCell)[];
type File = { readonly name: string; readonly heading: Cells; readonly first: readonly Cells[]; readonly last: readonly Cells[]; readonly cells: (transfer: TransferView) => Cells };

/** A member's statement: what stood at the start of each unit, a line a transfer, what stands at the end. */
export function memberStatementFile(services: Services, asked: Span & { tenantId: TenantId; memberId: MemberId; units: readonly UnitStanding[] }): Download {
  const { memberId, units, fromAt, untilAt } = asked;
  const sum = (what: string, at: number, unit: string, amounts: Standing): Cells => ['', iso(at), what, unit, ...decimals(amounts, unit), '', ''];
  return transfersFile(services, { ...asked, ownerId: memberId }, {
    name: `${memberId}-statement.csv`,
    heading: ['sequence', 'booked_at', 'what', 'unit', 'held', 'owed', 'clawback', 'unsettled', 'reward_id', 'payout_id'],
    first: units.map(({ unit, opening }) => sum('Opening balance', fromAt, unit, opening)),
    last: units.map(({ unit, closing }) => sum('Closing balance', untilAt, unit, closing)),
    cells: (transfer) => {
      const { sequence, bookedAt, what, unit, change, rewardId, payoutId } = statementLine(memberId, transfer);
      return [String(sequence), iso(bookedAt), what, unit, ...decimals(change, unit), rewardId ?? '', payoutId ?? ''];
    },
  });
}

/** All that was booked for a tenant, a line a transfer. */
export function tenantStatementFile(services: Services, asked: Span & { tenantId: TenantId }): Download {
  return transfersFile(services, { ...asked, ownerId: undefined }, {
    name: `${asked.tenantId}-transfers.csv`,
    heading: ['sequence', 'booked_at', 'what', 'debit', 'debit_owner', 'credit', 'credit_owner', 'unit', 'amount', 'reward_id', 'payout_id', 'move', 'id'],
    first: [],
    last: [],
    cells: ({ sequence, bookedAt, debitKind, debitOwnerId, creditKind, creditOwnerId, unit, amountMinor, rewardId, payoutId, move, id }) =>
      [String(sequence), iso(bookedAt), sayTransfer(debitKind, creditKind), debitKind, debitOwnerId, creditKind, creditOwnerId, unit, { decimal: decimalText(amountMinor, unit) }, rewardId ?? '', payoutId ?? '', move, id],
  });
}

function decimals({ held, owed, clawback, unsettled }: Standing, unit: string): DecimalCell[] {
  return [held, owed, clawback, unsettled].map((amountMinor) => ({ decimal: decimalText(amountMinor, unit) }));
}

/** Read and written some hundred at a time, each in a short transaction: what is booked meanwhile comes after the span. */
function transfersFile({ db }: Services, { tenantId, ownerId, fromAt, untilAt }: Span & { tenantId: TenantId; ownerId: string | undefined }, { name, heading, first, last, cells }: File): Download {
  return {
    kind: 'download',
    mediaType: 'text/csv; charset=utf-8',
    fileName: name,
    async* pieces() {
      yield BYTE_ORDER_MARK + [heading, ...first].map(csvLine).join('');
      for (let after = 0; ;) {
        const rows = await db.asTenant(tenantId, (tx) => listTransfers(tx, tenantId, { after, limit: ROWS_AT_ONCE }, { ownerId, fromAt, untilAt }));
        yield rows.map((row) => csvLine(cells(row))).join('');
        after = rows.at(-1)?.sequence ?? after;
        if (rows.length < ROWS_AT_ONCE) break;
      }
      yield last.map(csvLine).join('');
    },
  };
}
