import type { Clock } from '../../db/clock.ts';
import { answerSpan, readAnswers, type AnswerPage } from '../../db/read/answer-slots.ts';
import { learnPeaks as learn, type PeaksLearnt } from '../../db/write/learn-peaks.ts';
import type { BatchId, ProgramId, TenantId } from '../../src/domain/ids.ts';
import { slotCounter } from '../../src/domain/send-time/local-slots.ts';
import { walkTenants, type TenantsWalked, type WalkDeps } from '../walk-tenants.ts';

export type PeaksDeps = WalkDeps & { clock: Clock };

/** `next`: call again after this tenant; null: all have been looked at. */
export type PeaksTurn = Omit<TenantsWalked, 'isOver'> & { changed: number; replanned: number };

/** Learns the peak times of one tenant after another, in the order of their ids, until the turn is over. One that fails is passed over: next week comes. */
export async function learnPeaks(deps: PeaksDeps, { after }: { after: TenantId | null }): Promise<PeaksTurn> {
  const sum = { changed: 0, replanned: 0 };
  const { isOver, next, ...walked } = await walkTenants(deps, {
    after,
    onFailure: 'peak times could not be learnt; the tenant keeps those it has',
    visit: async (tenantId, { beat }) => {
      const { changed, replanned } = await learnOf(deps, tenantId, beat);
      sum.changed += changed.length;
      sum.replanned += replanned.length;
      return 'done';
    },
  });
  return { ...walked, ...sum, next: isOver ? null : next };
}

/** Page by page, each a short transaction; then one that writes. */
async function learnOf({ db, clock }: PeaksDeps, tenantId: TenantId, beat: () => void): Promise<PeaksLearnt> {
  const now = clock.now();
  const span = answerSpan(now);
  const zone = await db.asTenant(tenantId, async ({ sql }) => (await sql<{ zone: string }[]>`select zone from tenants where id = ${tenantId}`)[0]?.zone ?? 'UTC');
  const counter = slotCounter<ProgramId>(zone);
  const readPage = (after: BatchId | null): Promise<AnswerPage> => db.asTenant(tenantId, (tx) => readAnswers(tx, { tenantId, span, after }));
  for (let page = await readPage(null); ; page = await readPage(page.next)) {
    beat();
    counter.add(page.counts);
    if (page.next === null) break;
  }
  beat();
  return db.asTenant(tenantId, (tx) => learn(tx, { tenantId, counter, span, now }));
}
