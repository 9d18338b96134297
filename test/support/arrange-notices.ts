import { parseEmailAddress } from '../../src/domain/contact/email-address.ts';
import type { BatchId, MemberId, ProgramId } from '../../src/domain/ids.ts';
import type { RewardTerms } from '../../src/domain/reward/reward-terms.ts';
import { queueNotices, type Notice } from '../../db/write/queue-notices.ts';
import type { MemberChange } from '../../db/write/member-state.ts';
import { upsertMembers } from '../../db/write/upsert-members.ts';
import type { TestSending } from './sending.ts';

export const SOME_REWARDS: RewardTerms = { rules: [{ key: 'friend', to: 'both', on: { kind: 'conversion' }, give: { kind: 'fixed', unit: 'EUR', amountMinor: 1000 } }], holdDays: 30 };

export type StoredNotice = { batchId: BatchId; key: string; kind: string; state: string; reason: string | null; dueAt: number | null; stale: boolean };

/** Members who are told things, in the tenant of a test's sending. */
export function arrangeNotices(sending: TestSending) {
  const { database, deps, tenant: { tenantId }, clock } = sending;
  let members = 0;
  return {
    async makeMember(email: string | null, more: Omit<MemberChange, 'externalId' | 'email'> = {}): Promise<MemberId> {
      members += 1;
      const externalId = `member-${String(members)}`;
      const parsed = email === null ? null : parseEmailAddress(email);
      if (parsed?.outcome === 'invalid') throw new Error(`${String(email)} is no address`);
      const made = await deps.db.asTenant(tenantId, (tx) => upsertMembers(tx, deps.keyring, {
        tenantId, changes: [{ externalId, zone: 'Europe/Paris', zoneSource: 'explicit', ...more, ...(parsed === null ? {} : { email: { address: parsed.address, mailbox: parsed.mailbox } }) }], now: clock.now(),
      }));
      const member = made.get(externalId);
      if (member === undefined) throw new Error('a member was not made');
      return member.id;
    },
    queue: (...notices: readonly Notice[]): Promise<void> => deps.db.asTenant(tenantId, (tx) => queueNotices(tx, { tenantId, notices, now: clock.now() })),
    async stored(programId: ProgramId): Promise<StoredNotice[]> {
      return database.superuser<StoredNotice[]>`
        select b.id as "batchId", b.notice_key as key, b.notice as kind, i.state, i.reason, i.due_at as "dueAt", i.stale
        from invite_batches b join invites i on i.batch_id = b.id where b.program_id = ${programId} and b.notice is not null order by b.notice_key`;
    },
    async decided(subjectId: string): Promise<string[]> {
      const rows = await database.superuser<{ said: string }[]>`select concat_ws(' ', kind, inputs ->> 'reason', inputs ->> 'because') as said from decisions where subject_id = ${subjectId} order by id`;
      return rows.map(({ said }) => said);
    },
  };
}
