import { listLawEditions, loadLawBook, loadLawVersion } from '../../../db/read/law-book.ts';
import { shippedLaw } from '../../domain/law/shipped-law.ts';
import type { Context } from '../context.ts';
import { note, ok } from './finding.ts';
import type { Finding } from './finding.ts';

/** A book whose listed days end sooner wants an edition before they do. */
const DAYS_AHEAD_MS = 180 * 24 * 3_600_000;

/** Is the newest law in force that this program knows, and does it know the days to come? */
export async function checkLaw(context: Context): Promise<Finding[]> {
  const { sql } = context.app();
  const [now, version] = [await context.now(sql), await loadLawVersion({ sql })];
  const book = await loadLawBook(sql, version);
  const [inForce] = await listLawEditions(sql);
  const shipped = shippedLaw().edition;
  const ending = book.rules.filter(({ dates }) => dates !== undefined && Date.parse(dates.toSorted().at(-1) ?? '') < now + DAYS_AHEAD_MS);
  return [
    ...(inForce === undefined ? [note('law', `No edition was published; the shipped one (${shipped}) is in force.`, 'npx flywheel migrate publishes it.')] : [ok('law', `Edition ${inForce.edition} is in force.`)]),
    ...(inForce !== undefined && inForce.edition < shipped ? [note('law', `This program ships a newer edition (${shipped}).`, 'Compare it with yours and publish what you want of it: npx flywheel law publish.')] : []),
    ...(ending.length > 0 ? [note('law', `The days that these rules list end within half a year: ${ending.map(({ id }) => id).join(', ')}.`, 'Publish an edition with the days to come: docs/law.md.')] : []),
  ];
}
