import type { Row } from '../lane.ts';

export type Verdict = 'met' | 'missed' | 'reported';

export function verdictOf({ goal, judged }: Row): Verdict {
  if (goal === null) return 'reported';
  // A figure that is none meets nothing.
  const isMet = 'atLeast' in goal ? judged >= goal.atLeast : judged <= goal.atMost;
  return isMet ? 'met' : 'missed';
}

const HEAD = ['lane', 'ours', 'reference', 'ratio', 'goal', '', 'CPU ms per item: product + PostgreSQL + Temporal', 'WAL per item'];

/** The rows as a Markdown table, one line each. */
export function tableOf(rows: readonly Row[]): string {
  const lines = rows.map((row) => [
    row.what,
    `${figure(row.ours)} ${row.unit}`,
    row.reference === null ? '–' : `${figure(row.reference.value)} ${row.unit}: ${row.reference.name}`,
    isRatio(row) ? `${row.judged.toFixed(2)} x` : '–',
    goalOf(row),
    verdictOf(row),
    row.cpuMsPerItem === undefined ? '–' : [row.cpuMsPerItem.product, row.cpuMsPerItem.postgres, row.cpuMsPerItem.temporal].map((ms) => ms.toFixed(3)).join(' + '),
    row.walBytesPerItem === undefined ? '–' : `${figure(row.walBytesPerItem)} B${row.referenceWalBytesPerItem === undefined ? '' : ` (reference ${figure(row.referenceWalBytesPerItem)} B)`}`,
  ]);
  return [HEAD, HEAD.map(() => '---'), ...lines].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
}

/** Does the judged figure hold ours against the reference's? */
function isRatio({ judged, ours, reference }: Row): boolean {
  return reference !== null && judged !== ours;
}

function goalOf({ goal, unit, ...row }: Row): string {
  if (goal === null) return '–';
  const what = isRatio({ goal, unit, ...row }) ? 'x' : unit;
  return 'atLeast' in goal ? `>= ${String(goal.atLeast)} ${what}` : `<= ${String(goal.atMost)} ${what}`;
}

function figure(value: number): string {
  return value >= 100 ? Math.round(value).toLocaleString('en') : value.toFixed(value >= 10 ? 1 : 2);
}
