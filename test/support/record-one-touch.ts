import { findLinks } from '../../db/read/link-target.ts';
import { recordTouches, type NewTouch } from '../../db/write/record-touch.ts';
import type { WhyNotCounted } from '../../db/schema/links.ts';
import type { TestDatabase } from './database.ts';

/** One touch by itself, of the link as it is now. Throws where there is none. */
export async function recordOneTouch({ app }: TestDatabase, touch: Omit<NewTouch, 'mark'>): Promise<{ whyNot: WhyNotCounted | null }> {
  const mark = (await findLinks(app.sql, [touch.code])).get(touch.code)?.mark ?? '0';
  const [recorded] = await recordTouches(app.sql, [{ ...touch, mark }]);
  if (recorded?.kind !== 'recorded') throw new Error('there is no such link');
  return { whyNot: recorded.whyNot };
}
