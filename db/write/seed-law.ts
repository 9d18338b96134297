import { shippedLaw } from '../../src/domain/law/shipped-law.ts';
import { openDatabase } from '../client.ts';
import { openDatabaseClock } from '../clock.ts';
import { publishLaw, tellTenants } from './publish-law.ts';
import type { LawStore } from './publish-law.ts';

/** Who published the editions that come with the program. */
export const SHIPPED_BY = 'flywheel';

export type SeededLaw =
  | { outcome: 'published' | 'unchanged'; version: number }
  /** Somebody published an edition of their own, or this program is the older one: theirs stays in force. */
  | { outcome: 'kept'; version: number; edition: string };

/**
 * Puts the edition that comes with this program in force where there is none yet or an older one that came
 * with a program too. Editions that ship are named by their date, so they compare as text.
 */
export async function seedLaw(store: LawStore, now: number): Promise<SeededLaw> {
  const shipped = shippedLaw();
  const [newest] = await store.owner<{ version: number; edition: string; publishedBy: string }[]>`
    select version, edition, published_by as "publishedBy" from law_books order by version desc limit 1`;
  if (newest !== undefined && (newest.publishedBy !== SHIPPED_BY || newest.edition > shipped.edition)) {
    return { outcome: 'kept', version: newest.version, edition: newest.edition };
  }
  if (newest?.edition === shipped.edition) {
    await tellTenants(store, newest.version, now);
    return { outcome: 'unchanged', version: newest.version };
  }
  const published = await publishLaw(store, shipped, { now, by: SHIPPED_BY });
  if (published.outcome === 'refused') throw new Error(`the law that comes with this program cannot be published: ${published.problems.join('; ')}`);
  return { outcome: published.outcome, version: published.version };
}

/** The same by the owner's URL, at the database's own time: a step of every migration. */
export async function seedLawAt(ownerUrl: string): Promise<SeededLaw> {
  const owner = openDatabase({ url: ownerUrl, max: 1, name: 'flywheel law' });
  const app = openDatabase({ url: ownerUrl, role: 'flywheel_app', max: 1, name: 'flywheel law' });
  const clock = await openDatabaseClock(owner.sql);
  try {
    return await seedLaw({ owner: owner.sql, app }, clock.now());
  } finally {
    clock.close();
    await Promise.all([owner.close(), app.close()]);
  }
}
