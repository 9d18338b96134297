import { sameBytes } from '../../src/config/keyring.ts';
import type { Keyring } from '../../src/config/keyring.ts';
import type { BatchId, MemberId, TenantId } from '../../src/domain/ids.ts';
import { bytesArray } from '../array-params.ts';
import type { StreakKey } from '../read/streak-facts.ts';
import type { Tx } from '../client.ts';
import { isOpen } from './close-invites.ts';
import { closeJoinedOf } from './close-joined-of.ts';
import type { Joined } from './close-joined-of.ts';
import { ensureMembers } from './ensure-members.ts';
import type { EnsuredMember } from './ensure-members.ts';
import { loadMembersForUpdate, mergeMember } from './member-state.ts';
import type { MemberChange, MemberState } from './member-state.ts';
import { markSelfReferrals } from './mark-self-referrals.ts';
import { markStale, waits } from './mark-stale.ts';
import { lockBatches } from './refresh-next-due.ts';
import { settleRewards } from './rewards/settle-rewards.ts';
import { refreshStreaks } from './streaks/refresh-streaks.ts';
import { writeContacts } from './write-contacts.ts';

/**
 * Makes or changes members, in the order given (the same one twice: the second comes on top of the first). Their
 * addresses and names go sealed into contacts, the one that an invite already made for the same mailbox included; open
 * invites to a mailbox that is new as a member's end as `joined`; what waits under a changed zone, quiet hours or event date is planned again.
 * A mailbox or phone that shows referrer and new member to be one person marks their referral.
 */
export async function upsertMembers(
  tx: Tx, keyring: Keyring, input: { tenantId: TenantId; changes: readonly MemberChange[]; now: number },
): Promise<Map<string, EnsuredMember>> {
  const { tenantId, changes, now } = input;
  const ensured = await ensureMembers(tx, keyring, { tenantId, externalIds: changes.map((change) => change.externalId), now });
  const before = await loadMembersForUpdate(tx, tenantId, [...ensured.values()].map(({ id }) => id));
  const after = new Map<string, MemberState>();
  for (const change of changes) {
    const known = after.get(change.externalId) ?? before.get(change.externalId);
    if (known === undefined) throw new Error('a member that was just made is gone');
    after.set(change.externalId, mergeMember(known, change, { keyring, tenantId }));
  }
  const joined = [...after.values()].flatMap((member) => newAddresses(before.get(member.externalId), member));
  const planChanged = [...after.values()].filter((member) => plansChanged(before.get(member.externalId), member));
  const recipientHashes = planChanged.flatMap(({ emailHash, phoneHash }) => [emailHash, phoneHash].filter((hash) => hash !== null));
  // Everything that is locked, locked here: batches before contacts, like everywhere, and all of them in one order.
  await lockBatches(tx, await openBatchesOf(tx, { recipientHashes: [...recipientHashes, ...joined.map((one) => one.recipientHash)], inviterIds: planChanged.map(({ id }) => id) }));
  const members = await writeContacts(tx, tenantId, [...after.values()], now);
  await writeMembers(tx, members, now);
  await closeJoinedOf(tx, { tenantId, joined, now, cause: 'member_upsert' });
  const selfReferrals = await markSelfReferrals(tx, { tenantId, memberIds: [...new Set(joined.map(({ memberId }) => memberId))], by: 'contact', now });
  if (planChanged.length > 0) await markStale(tx, { kind: 'people', recipientHashes, inviterIds: planChanged.map(({ id }) => id) }, now);
  if (selfReferrals.length > 0) await settleRewards(tx, { tenantId, referralIds: selfReferrals, now });
  await refreshStreaksOf(tx, { tenantId, memberIds: [...after.values()].flatMap((member) => (zoneChanged(before.get(member.externalId), member) ? [member.id] : [])), now });
  return ensured;
}

/** Whose clock is another has streaks that end at another instant. */
async function refreshStreaksOf(tx: Tx, { tenantId, memberIds, now }: { tenantId: TenantId; memberIds: readonly MemberId[]; now: number }): Promise<void> {
  if (memberIds.length === 0) return;
  const keys = await tx.sql<StreakKey[]>`select member_id as "memberId", streak from streaks where tenant_id = ${tenantId} and member_id = any(${[...memberIds]}::text[])`;
  await refreshStreaks(tx, { tenantId, keys, now });
}

function zoneChanged(before: MemberState | undefined, { zone }: MemberState): boolean {
  return before !== undefined && before.zone !== zone;
}

/** The batches that a change of these people's plans, or their joining, may touch. */
async function openBatchesOf(tx: Tx, people: { recipientHashes: readonly Uint8Array[]; inviterIds: readonly MemberId[] }): Promise<BatchId[]> {
  if (people.recipientHashes.length + people.inviterIds.length === 0) return [];
  const rows = await tx.sql<{ id: BatchId }[]>`
    select batch_id as id from invites
    where recipient_hash = any(${bytesArray(people.recipientHashes)}::bytea[]) and ${isOpen(tx)}
    union
    select batch_id from invites
    where phone_hash = any(${bytesArray(people.recipientHashes)}::bytea[]) and ${isOpen(tx)} and channel = 'sms'
    union
    select id from invite_batches where member_id = any(${people.inviterIds}::text[]) and ${waits(tx)}`;
  return rows.map((row) => row.id);
}

async function writeMembers(tx: Tx, members: readonly MemberState[], now: number): Promise<void> {
  await tx.sql`
    update members m set
      contact_id = r."contactId", locale = r.locale, zone = r.zone, zone_source = r."zoneSource", quiet_hours = r."quietHours",
      birth_year = r."birthYear", is_minor = r."isMinor", parent_allows = r."parentAllows", attributes = r.attributes, place = r.place, updated_at = ${now},
      event_dates = array(select jsonb_array_elements_text(r."eventDates")::date)
    from jsonb_to_recordset(${JSON.stringify(members.map(forTheRow))}::jsonb) as r (
      id text, "contactId" text, locale text, zone text, "zoneSource" text, "quietHours" jsonb, "birthYear" smallint,
      "isMinor" boolean, "parentAllows" boolean, "eventDates" jsonb, attributes jsonb, place text)
    where m.id = r.id`;
}

function forTheRow({ id, contactId, locale, zone, zoneSource, quietHours, birthYear, isMinor, parentAllows, eventDates, attributes, place }: MemberState) {
  return { id, contactId, locale, zone, zoneSource, quietHours, birthYear, isMinor, parentAllows, eventDates, attributes, place };
}

/** The mailbox and the phone that this change made a member's: who had them before has not joined by them. */
function newAddresses(before: MemberState | undefined, { id, emailHash, phoneHash }: MemberState): Joined[] {
  const isNew = (had: Uint8Array | null, has: Uint8Array | null): boolean => has !== null && (had === null || !sameBytes(had, has));
  return [
    ...(emailHash !== null && isNew(before?.emailHash ?? null, emailHash) ? [{ memberId: id, recipientHash: emailHash }] : []),
    ...(phoneHash !== null && isNew(before?.phoneHash ?? null, phoneHash) ? [{ memberId: id, recipientHash: phoneHash }] : []),
  ];
}

function plansChanged(before: MemberState | undefined, after: MemberState): boolean {
  if (before === undefined) return false;
  const planned = ({ zone, zoneSource, quietHours, eventDates, place, isMinor }: MemberState): string =>
    JSON.stringify([zone, zoneSource, quietHours?.map(({ start, end }) => [start, end]), eventDates, place, isMinor]);
  return planned(before) !== planned(after);
}

