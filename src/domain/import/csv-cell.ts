/**
 * What a spreadsheet would take for a formula, by the cell's first character: OWASP, "CSV Injection". An apostrophe before
 * it makes the cell a text.
 */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
const MARKED = /^'[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

const DECIMAL = /^-?\d+(\.\d+)?$/;

/** A number of our own making: written as it is, also below 0. Anything but a plain decimal number is written as a text. */
export type DecimalCell = { readonly decimal: string };

/** One line of a CSV file (RFC 4180), every cell quoted, none of which a spreadsheet computes. */
export function csvLine(cells: readonly (string | DecimalCell)[]): string {
  return `${cells.map((cell) => (typeof cell === 'string' ? csvCell(cell) : decimalCell(cell))).join(',')}\r\n`;
}

function decimalCell({ decimal }: DecimalCell): string {
  return DECIMAL.test(decimal) ? `"${decimal}"` : csvCell(decimal);
}

function csvCell(text: string): string {
  const storable = text.replaceAll('\0', '');
  return `"${(FORMULA.test(storable) ? `'${storable}` : storable).replaceAll('"', '""')}"`;
}

/** A cell without the apostrophe that we, or a spreadsheet's user, put before what would be a formula: `'+4915…` is a number to call. */
export function unmarked(cell: string): string {
  return MARKED.test(cell) ? cell.slice(1) : cell;
}
