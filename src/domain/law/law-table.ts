import { weekdaysText } from '../send-time/local-time-text.ts';
import type { Range } from '../send-time/send-time-rules.ts';
import type { LawBook, LawRule } from './law-book.ts';

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December'];

/** A book as a table in Markdown, a rule a line, with its notes below: what `docs/law.md` shows. */
export function lawTable(book: LawBook): string {
  const lines = book.rules.map((rule) =>
    `| \`${rule.id}\` | ${[rule.places.join(' '), ...(rule.exceptPlaces === undefined ? [] : [`but ${rule.exceptPlaces.join(' ')}`])].join(', ')} | ${bound(rule)} | ${hoursText(rule)} | [${rule.source.title}](${rule.source.url}) | ${rule.inForceSince} | ${rule.checkedOn} |`);
  const notes = book.rules.flatMap(({ id, note }) => (note === undefined ? [] : [`- \`${id}\`: ${note}`]));
  return ['| rule | places | binds | hours | source | in force since | checked on |', '|---|---|---|---|---|---|---|', ...lines, '', ...notes].join('\n');
}

function bound({ channels, audience, minorBelowAge }: LawRule): string {
  const whom = audience === 'everyone' ? '' : ` to minors${minorBelowAge === undefined ? '' : ` (below ${String(minorBelowAge)})`}`;
  return `${channels.join(', ')}${whom}`;
}

/** A rule's hours and days in words: `open Mon-Sat 08:00-20:00; closed on 12 dates to 2031-12-25`. */
export function hoursText({ windows, quiet, months, dates }: LawRule): string {
  const last = dates?.toSorted().at(-1);
  return [
    ...(windows === undefined ? [] : [`open ${windows.map(rangeText).join(', ')}`]),
    ...(quiet === undefined ? [] : [`closed ${quiet.map(rangeText).join(', ')}`]),
    ...(months === undefined ? [] : [`in ${months.map((month) => MONTHS[month - 1] ?? '').join(', ')}`]),
    ...(last === undefined ? [] : [`closed on ${String(dates?.length ?? 0)} dates to ${last}`]),
  ].join('; ');
}

function rangeText({ days, start, end }: Range): string {
  return days === undefined ? `${start}-${end}` : `${weekdaysText(new Set(days))} ${start}-${end}`;
}
