import { readRefusedRows, type RefusedRow } from '../../db/read/imports.ts';
import { REFUSAL_COLUMNS } from '../domain/import/columns.ts';
import { csvLine } from '../domain/import/csv-cell.ts';
import type { ImportId, TenantId } from '../domain/ids.ts';
import type { Download } from './answer.ts';
import type { Services } from './services.ts';

const ROWS_AT_ONCE = 500;
/** Spreadsheets take a file without it for one of their own old encodings. */
const BYTE_ORDER_MARK = '\uFEFF';

/** The refused rows of an import as CSV, read and written some hundred at a time: where, why, and the row as it came. */
export function refusedRowsFile({ db, keyring }: Services, { tenantId, id, columns }: { tenantId: TenantId; id: ImportId; columns: readonly string[] }): Download {
  const kept = columns.flatMap((name, place) => (REFUSAL_COLUMNS.some((own) => own === name) ? [] : [{ name, place }]));
  const lineOf = ({ n, reason, message, cells }: RefusedRow): string => csvLine([
    String(n), reason, message,
    ...(cells.length === columns.length ? kept.map(({ place }) => cells[place] ?? '') : cells),
  ]);
  return {
    kind: 'download',
    mediaType: 'text/csv; charset=utf-8',
    fileName: `${id}-refused-rows.csv`,
    async* pieces() {
      yield BYTE_ORDER_MARK + csvLine([...REFUSAL_COLUMNS, ...kept.map(({ name }) => name)]);
      for (let after = 0; ;) {
        const rows = await db.asTenant(tenantId, (tx) => readRefusedRows(tx, keyring, { tenantId, id, after, limit: ROWS_AT_ONCE }));
        yield rows.map(lineOf).join('');
        after = rows.at(-1)?.n ?? after;
        if (rows.length < ROWS_AT_ONCE) return;
      }
    },
  };
}
