import { judgePush, type PushJudgement, type PushRoom } from '../../../src/domain/feed/judge-push.ts';
import type { MemberId, ProgramId, TenantId } from '../../../src/domain/ids.ts';
import { localDayStartAt } from '../../../src/domain/invite/cap-bucket.ts';
import { localDay } from '../../../src/domain/invite/local-day.ts';
import { DEFAULT_PUSHES_PER_DAY } from '../../../src/domain/program/tenant-limits.ts';
import { bytesArray } from '../../array-params.ts';
import type { Tx } from '../../client.ts';
import type { FeedRecipient } from '../../read/feed-recipients.ts';
import { pushTerms, type PushRules, type PushTerms } from '../../read/feed-push-rules.ts';
import { pushesToday, type PushCount } from '../../read/pushes-today.ts';
import { planFor } from '../plan-for.ts';

/** A push tells of now: one that may not leave for so long is let go, and the item stays in the feed. */
export const PUSH_WAITS_MS = 24 * 3_600_000;

/** A push to be judged. `from`: when its item shows (epoch ms); `expiresAt`: when that ends. */
export type AskedPush = { readonly visibleFrom: number; readonly from: number; readonly expiresAt: number | null; readonly programId: ProgramId | null };
/** `isHeld`: a pause or a stop holds it, however permitted its time is. */
export type JudgedPush = PushJudgement & { readonly isHeld: boolean };
export type PushJudge = (push: AskedPush, recipient: FeedRecipient) => JudgedPush;

type Opening = { tenantId: TenantId; rules: PushRules; recipients: readonly FeedRecipient[]; programIds: readonly ProgramId[]; now: number };

/**
 * Judges pushes by the rules of any message: opt-out, suppression, what was left unread, the law's, tenant's, program's and member's hours, and how many a
 * member may have a day. Holds each member's turn until the transaction ends, so that two who judge at once never both take the last place: locks nothing
 * else after it. The places of those it lets go are taken as it judges, and they count as unread.
 */
export async function openPushJudge(tx: Tx, { tenantId, rules, recipients, programIds, now }: Opening): Promise<PushJudge> {
  const distinct = [...new Map(recipients.map((recipient) => [recipient.memberId, recipient])).values()];
  await takeTurns(tx, tenantId, rules, distinct);
  const terms = await pushTerms(tx, tenantId, programIds);
  const zoneOf = ({ zones }: FeedRecipient): string => zones[0] ?? rules.tenantZone;
  const counts = await pushesToday(tx, {
    tenantId, now, withMessages: rules.limits.messagesPerRecipientPerDay !== undefined, withUnread: rules.limits.stopAfterUnanswered !== undefined,
    members: distinct.map((recipient) => ({ memberId: recipient.memberId, recipientHash: recipient.recipientHash, dayStartAt: localDayStartAt(now, zoneOf(recipient)) })),
  });
  const rooms = new Map(distinct.map((recipient): [MemberId, PushRoom] => [recipient.memberId, roomFor(rules, counts.get(recipient.memberId), zoneOf(recipient), now)]));
  const unread = new Map(distinct.map(({ memberId }) => [memberId, counts.get(memberId)?.unread ?? 0]));
  return ({ visibleFrom, from, expiresAt, programId }, recipient) => {
    const room = rooms.get(recipient.memberId);
    if (room === undefined) throw new Error('a push is judged of whom it was not opened for');
    const program = programId === null ? undefined : terms.get(programId);
    const until = Math.min(visibleFrom + PUSH_WAITS_MS, expiresAt ?? Infinity);
    const judged = judgePush({
      from, until, room, forbidden: forbiddenBy(rules, recipient, unread.get(recipient.memberId) ?? 0),
      plan: (notBefore) => planFor({ ...rules, terms: program?.terms ?? { sendRules: {} }, peak: null }, { ...recipient, channel: 'push' }, { from, notBefore, expiresAt: until, eventDates: [] }),
    });
    const held = isHeld(rules, program);
    if (judged.at !== null && judged.at <= now && !held) unread.set(recipient.memberId, (unread.get(recipient.memberId) ?? 0) + 1);
    return { ...judged, isHeld: held };
  };
}

function isHeld(rules: PushRules, program: PushTerms | undefined): boolean {
  return rules.isPaused || rules.isStopped || program?.isPaused === true;
}

function forbiddenBy({ limits: { stopAfterUnanswered } }: PushRules, { inAppOff, pushOff, isSuppressed }: FeedRecipient, unread: number) {
  if (inAppOff || pushOff) return 'opted_out';
  if (isSuppressed) return 'suppressed';
  return stopAfterUnanswered !== undefined && unread >= stopAfterUnanswered ? 'unanswered' : null;
}

/** The stricter of the two limits, and what of it is used today; those of other channels count towards the one of all. */
function roomFor({ limits: { pushesPerMemberPerDay = DEFAULT_PUSHES_PER_DAY, messagesPerRecipientPerDay } }: PushRules, count: PushCount | undefined, zone: string, now: number): PushRoom {
  const { pushes, messages } = count ?? { pushes: 0, messages: 0 };
  const perDay = Math.min(pushesPerMemberPerDay, messagesPerRecipientPerDay ?? Infinity);
  const left = Math.max(0, Math.min(pushesPerMemberPerDay - pushes, (messagesPerRecipientPerDay ?? Infinity) - pushes - messages));
  return { zone, perDay, used: new Map([[localDay(now, zone), perDay - left]]) };
}

/** Of each member, and, where messages of all channels are counted together, of each mailbox or phone: the turn that senders take, too. */
async function takeTurns({ sql }: Tx, tenantId: TenantId, { limits }: PushRules, recipients: readonly FeedRecipient[]): Promise<void> {
  // Locks of this kind take of the server's shared memory: members share 256 a tenant, whatever the count.
  await sql`
    select pg_advisory_xact_lock(key) from (
      select distinct hashtextextended(concat_ws(' ', 'push', ${tenantId}::text, hashtext(id) & 255), 0) as key from unnest(${recipients.map(({ memberId }) => memberId)}::text[]) as m (id) order by 1) as k`;
  if (limits.messagesPerRecipientPerDay === undefined) return;
  const hashes = recipients.flatMap(({ recipientHash }) => recipientHash ?? []).toSorted(Buffer.compare);
  await sql`select pg_advisory_xact_lock(hashtextextended(${tenantId} || encode(hash, 'hex'), 0)) from unnest(${bytesArray(hashes)}::bytea[]) as h (hash)`;
}
