import { FIGURES, type DailyFigure } from '../../src/domain/report/daily-figures.ts';
import { makeId } from '../../src/domain/ids.ts';
import { daysOf } from '../../src/domain/report/iso-week.ts';
import { composeReport, type WeeklyReport } from '../../src/domain/report/report.ts';
import { weekSpan } from '../../src/domain/report/week-times.ts';

const PROGRAM = makeId('prg', 1, new Uint8Array(10));

/** A report with something in every place; the same each time. */
export function sampleReport(more: { externalId?: string; loops?: readonly string[]; empty?: boolean } = {}): WeeklyReport {
  const { externalId = 'learner-4711', loops = ['invite', 'buddy_challenge', 'referral'], empty = false } = more;
  const figures = empty ? [] : [...daysOf('2026-W22'), ...daysOf('2026-W23')].flatMap((day, nth): DailyFigure[] => [
    { day, programId: null, loop: null, figure: 'active_in_week', unit: '', count: 140 + ((nth % 7) * 31), amountMinor: 0 },
    ...loops.flatMap((loop, place) => FIGURES.filter((figure) => figure !== 'active_in_week').map((figure, which): DailyFigure => {
      const isAmount = figure === 'conversions' || figure.startsWith('rewards');
      return { day, programId: PROGRAM, loop, figure, unit: isAmount ? (place === 1 && (figure === 'rewards_held' || figure === 'rewards_released') ? 'points' : 'EUR') : '', count: Math.max(0, 40 - which * 6 + ((nth * 7 + place * 5) % 11) - place * 9), amountMinor: isAmount ? 1_250 * (nth + 1) : 0 };
    })),
  ]);
  return composeReport({
    week: '2026-W23', zone: 'Europe/Paris', ...weekSpan('2026-W23', 'Europe/Paris'), now: Date.parse('2026-06-08T07:00:00Z'), figures,
    referrers: empty ? [] : [{ day: '2026-06-02', externalId, signUps: 5, firstValues: 3 }, { day: '2026-06-04', externalId: 'learner-12', signUps: 2, firstValues: 2 }],
  });
}
