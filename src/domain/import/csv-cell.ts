/**
 * What a spreadsheet would take for a formula, by the cell's first character: OWASP, "CSV Injection". An apostrophe before
 * it makes the cell a text.
 */
const FORMULA = /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;
const MARKED = /^'[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/;

/** One line of a CSV file (RFC 4180), every cell quoted, none of which a spreadsheet computes. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map(csvCell).join(',')}\r\n`;
}

function csvCell(text: string): string {
  const storable = text.replaceAll('\0', '');
  return `"${(FORMULA.test(storable) ? `'${storable}` : storable).replaceAll('"', '""')}"`;
}

/** A cell without the apostrophe that we, or a spreadsheet's user, put before what would be a formula: `'+4915…` is a number to call. */
export function unmarked(cell: string): string {
  return MARKED.test(cell) ? cell.slice(1) : cell;
}
