import type { MemberId, ProgramId, TenantId } from '../../src/domain/ids.ts';
import { capRuleOf, type CapRule } from '../../src/domain/invite/cap.ts';
import type { CapState } from '../../src/domain/invite/take-cap.ts';
import type { Tx } from '../client.ts';
import { readCapUsed } from '../read/cap-used.ts';
import type { Offer } from '../read/offer.ts';
import type { StaleRow } from '../read/stale-rows.ts';
import { addToCap, countBuckets } from './member-caps.ts';

/** An invite's place in its inviter's cap, before and after. */
export type MovedInCap = { memberId: MemberId; from: string | null; to: string | null };

type Offers = ReadonlyMap<ProgramId, Offer>;

/** Locks the inviters whose caps defer, or did, before any batch is locked: in the order in which members are locked everywhere. */
export async function lockInviters(tx: Tx, rows: readonly StaleRow[], offers: Offers): Promise<void> {
  const ids = new Set(rows.flatMap((row) => (row.memberId !== null && row.step === 0 && (row.capBucket !== null || deferringRule(row, offers) !== null) ? [row.memberId] : [])));
  if (ids.size === 0) return;
  await tx.sql`select 1 from members where id = any(${[...ids]}::text[]) order by external_id collate "C" for no key update`;
}

function deferringRule({ programId }: Pick<StaleRow, 'programId'>, offers: Offers): CapRule | null {
  const offer = offers.get(programId);
  const rule = offer === undefined ? null : capRuleOf(offer.terms.cap, offer.limits.cap);
  return rule?.excess === 'defer' ? rule : null;
}

/** A member's cap in one program, and what is used of it: one map for all programs of the member, to be written to. */
export type SharedCap = { cap: CapState; used: Map<string, number> };

/**
 * What the (locked) inviters whose caps defer may still send, by member and program; the places of the rows themselves
 * count as free.
 */
export async function sharedCaps(tx: Tx, of: { tenantId: TenantId; rows: readonly StaleRow[]; offers: Offers; now: number }): Promise<Map<string, SharedCap>> {
  const caps = new Map<string, SharedCap>();
  const usedOf = new Map<MemberId, Map<string, number>>();
  for (const [key, { memberId, programId }] of inviterAndProgram(of.rows)) {
    const offer = of.offers.get(programId);
    const rule = deferringRule({ programId }, of.offers);
    if (offer === undefined || rule === null) continue;
    const cap = await readCapUsed(tx, { tenantId: of.tenantId, memberId, rule, zone: offer.tenantZone, now: of.now });
    const own = countBuckets(of.rows.flatMap((row) => (row.memberId === memberId && row.step === 0 ? [row.capBucket] : [])));
    const used = usedOf.get(memberId) ?? new Map<string, number>();
    for (const [bucket, count] of cap.used) used.set(bucket, Math.max(0, count - (own.get(bucket) ?? 0)));
    usedOf.set(memberId, used);
    caps.set(key, { cap, used });
  }
  return caps;
}

function inviterAndProgram(rows: readonly StaleRow[]): Map<string, { memberId: MemberId; programId: ProgramId }> {
  return new Map(rows.flatMap(({ memberId, programId, step }) => (memberId === null || step > 0 ? [] : [[`${memberId} ${programId}`, { memberId, programId }]])));
}

/** Writes the places given back and those taken. */
export async function moveInCaps(tx: Tx, tenantId: TenantId, moved: readonly MovedInCap[]): Promise<void> {
  for (const memberId of new Set(moved.map((one) => one.memberId))) {
    const ofMember = moved.filter((one) => one.memberId === memberId && one.from !== one.to);
    const changes = countBuckets(ofMember.map((one) => one.to));
    for (const [bucket, count] of countBuckets(ofMember.map((one) => one.from))) changes.set(bucket, (changes.get(bucket) ?? 0) - count);
    await addToCap(tx, { tenantId, memberId }, changes);
  }
}
